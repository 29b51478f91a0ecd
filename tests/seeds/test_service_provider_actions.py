"""Disabling, enabling and deleting back-office users (seed 002), without scripts; dialogs and menus are in tests/journeys."""

import pytest

from bo_panel.domain.lifecycle import Status
from tests.site import ADA, BERT, CLEO, SAM


@pytest.mark.seed("S2-30")
@pytest.mark.seed("S2-33")
def test_selected_users_are_disabled_and_enabled_through_actions(nora, site):
    page = nora.get("/users/")
    assert "Disable/Enable Back-Office User" in [entry.text for entry in page.tree.first(id="bulk-menu").all("button")]

    asked = nora.act(page, "disable_enable", ADA, BERT)
    assert asked.heading == "Disable 2 users?"
    page = nora.press(asked, "Yes, disable them!")
    assert page.messages == ["2 users disabled."]
    assert [page.row(name)["Status"] for name in ("Ada Clarke", "Bert Brown")] == ["Disabled", "Disabled"]

    page = nora.press(nora.act(page, "disable_enable", ADA, BERT), "Yes, enable them!")
    assert page.messages == ["2 users enabled."]
    assert [page.row(name)["Status"] for name in ("Ada Clarke", "Bert Brown")] == ["Active", "Active"]


@pytest.mark.seed("S2-30")
def test_of_a_mixed_selection_one_chooses_whether_to_disable_or_to_enable(nora, site):
    asked = nora.act(nora.get("/users/"), "disable_enable", ADA, CLEO)
    page = nora.press(asked, "Yes, enable them!")

    assert page.messages == ["1 user enabled.", "1 was so already."]
    assert site.user(CLEO).status is Status.ACTIVE


@pytest.mark.seed("S2-32")
@pytest.mark.seed("S2-33")
@pytest.mark.parametrize(
    ("name", "user_id", "words", "status"), [("Ada Clarke", ADA, "Yes, disable it!", "Disabled"), ("Cleo Dunn", CLEO, "Yes, enable it!", "Active")]
)
def test_the_question_has_these_words_and_the_status_changes(nora, site, name, user_id, words, status):
    page = nora.get("/users/")
    key = "disable" if status == "Disabled" else "enable"
    assert page.actions()[key]["yes_one"] == words

    page = nora.press(nora.act(page, "disable_enable", user_id), words)

    assert page.row(name)["Status"] == status


@pytest.mark.seed("S2-34")
@pytest.mark.seed("S2-35")
def test_a_selected_user_is_deleted_after_yes_delete_it(nora, site):
    page = nora.get("/users/")
    assert "Delete Back-Office User" in [entry.text for entry in page.tree.first(id="bulk-menu").all("button")]
    assert page.actions()["delete"]["yes_one"] == "Yes, delete it!"

    asked = nora.act(page, "delete", SAM)
    assert asked.heading == "Delete Sam Support?"
    page = nora.press(asked, "Yes, delete it!")

    assert page.messages == ["1 user deleted."]
    assert "Sam Support" not in page.names
    assert site.user(SAM).status is Status.DELETED


@pytest.mark.seed("S2-36")
def test_actions_are_in_the_last_column_of_every_row(nora):
    page = nora.get("/users/")

    assert page.columns[-1] == "Actions"
    for row in page.rows:
        button = row.all("td")[-1].first("button")
        assert button.text == "Actions"
        assert button["aria-label"] == f"Actions for {row['data-name']}"
    menu = [entry.text for entry in page.tree.first(id="row-menu").all("button")]
    assert menu == ["Add/Edit Back-Office User", "Disable Back-Office User", "Enable Back-Office User", "Delete Back-Office User"]


@pytest.mark.seed("S2-36")
def test_a_row_is_acted_on_from_its_own_button(nora, site):
    page = nora.get("/users/")

    asked = nora.submit(page, "/users/action/", row=str(ADA))
    assert asked.heading == "Actions for Ada Clarke"
    asked = nora.press(asked, "Delete Back-Office User")
    page = nora.press(asked, "Yes, delete it!")

    assert "Ada Clarke" not in page.names
