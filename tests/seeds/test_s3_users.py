"""User accounts of a field service (seed 003): the tabs, adding, editing, archiving, restoring and finding them."""

import pytest

from bo_panel.domain.lifecycle import Status
from tests.seeds.companies import ALMA, ANN, OLD, TOM, WILL, sign_in

ARCHIVED = "/users/?tab=field_service.archived"


def tabs(page):
    nav = page.tree.first("nav", class_="tabs")
    return {link.text: (link["href"], link["aria-current"] == "page" if "aria-current" in link else False) for link in nav.all("a")}


@pytest.mark.seed("S3-01")
def test_a_user_is_an_account_that_signs_in_to_the_back_office(fixit):
    page = fixit.visitor().sign_in("ann@fixit.example")

    assert page.path == "/"
    assert page.status == 200


@pytest.mark.seed("S3-03")
def test_the_page_of_users_adds_archives_and_searches(alma):
    page = alma.get("/users/")

    assert page.menu["Settings"][0] == "Users"
    assert page.link("Add") == "/users/new/"
    assert page.actions()["archive"]["in_row"]
    assert page.tree.first("input", id="search-box")["type"] == "search"


@pytest.mark.seed("S3-04")
def test_the_active_tab_comes_first_and_adds_edits_and_archives(alma):
    page = alma.get("/users/")

    assert tabs(page) == {"Active": ("/users/", True), "Archived": (ARCHIVED, False)}
    assert page.names == ["Alma Arno", "Will Early", "Ann Ledger", "Tom Wrench"]
    assert [action["label"] for action in page.actions().values() if action["in_row"]] == ["Edit", "Archive", "Restore"]
    assert set(page.rows[2]["data-allowed"].split()) == {"edit", "archive"}


@pytest.mark.seed("S3-07")
def test_archive_asks_in_a_box_whose_button_is_ok_and_moves_to_the_archived_tab(alma, fixit):
    page = alma.get("/users/")
    archive = page.actions()["archive"]
    assert (archive["label"], archive["title_one"], archive["yes_one"]) == ("Archive", "Archive {name}?", "OK")

    asked = alma.act(page, "archive", ANN)
    done = alma.press(asked, "OK")

    assert done.messages == ["1 user archived."]
    assert fixit.user(ANN).status is Status.ARCHIVED
    assert "Ann Ledger" not in alma.get("/users/").names
    assert alma.get(ARCHIVED).names == ["Olda Gone", "Ann Ledger"]
    assert fixit.visitor().sign_in("ann@fixit.example").path == "/sign-in"


@pytest.mark.seed("S3-12")
def test_restore_on_the_archived_tab_moves_to_the_active_tab(alma, fixit):
    page = alma.get(ARCHIVED)
    assert tabs(page)["Archived"][1]
    assert page.names == ["Olda Gone"]
    assert set(page.rows[0]["data-allowed"].split()) == {"edit", "restore"}

    done = alma.press(alma.act(page, "restore", OLD), "OK")

    assert done.messages == ["1 user restored."]
    assert done.url == ARCHIVED
    assert fixit.user(OLD).status is Status.ACTIVE
    assert "Olda Gone" in alma.get("/users/").names


@pytest.mark.seed("S3-13")
@pytest.mark.parametrize("words", ["will", "early", "will@fixit.example"])
def test_users_are_found_by_name_and_email(alma, words):
    assert alma.get("/users/", query_string={"search": words}).names == ["Will Early"]


@pytest.mark.seed("S3-13")
def test_users_are_found_by_phone(alma):
    assert alma.get("/users/", query_string={"search": "7946 0123"}).names == ["Ann Ledger"]


@pytest.mark.seed("S3-13")
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("company", "Zephyr Ltd", "zephyr"),
        ("address", "7 Quince Road", "quince road"),
        ("city", "Uppsala", "uppsala"),
        ("postal_code", "SW1A 2XY", "sw1a 2xy"),
    ],
)
def test_users_are_found_by_company_address_city_and_postal_code(alma, field, value, words):
    alma.submit(alma.get(f"/users/edit/?id={WILL}"), "/users/edit/", **{f"profile:field_service.{field}": value})

    assert alma.get("/users/", query_string={"search": words}).names == ["Will Early"]


@pytest.mark.seed("S3-14")
def test_the_search_pane_has_a_box_called_user_and_a_button_find(alma):
    page = alma.get("/users/")
    pane = page.tree.first("form", class_="search")

    assert pane.first("label").text == "User"
    assert pane.first("label")["for"] == pane.first("input", type="search")["id"]
    assert [button.text for button in pane.all("button")] == ["Find"]
    assert alma.get("/users/?search=wrench").names == ["Tom Wrench"]


def test_a_search_stays_within_its_tab_and_is_kept_in_the_other(alma):
    page = alma.get("/users/?search=fixit.example&size=25")
    assert page.names == ["Alma Arno", "Will Early", "Ann Ledger", "Tom Wrench"]
    assert tabs(page)["Archived"][0] == f"{ARCHIVED}&search=fixit.example&size=25"

    archived = alma.get(tabs(page)["Archived"][0])

    assert archived.names == ["Olda Gone"]
    assert archived.tree.first("input", id="search-box")["value"] == "fixit.example"
    assert archived.link("Reset list") == ARCHIVED


def test_a_tab_that_there_is_not_is_the_first(alma):
    assert alma.get("/users/?tab=field_service.gone").names == alma.get("/users/").names


def test_a_status_of_another_tab_is_no_filter(alma):
    assert alma.get("/users/?status=archived").names == alma.get("/users/").names


def test_a_file_of_a_tab_has_whom_the_tab_has(alma):
    page = alma.submit(alma.get(ARCHIVED), "/users/export/", format="csv")

    lines = page.response.text.splitlines()
    assert len(lines) == 2
    assert "Olda Gone" in lines[1]


def test_everybody_who_matches_a_tab_is_in_it_and_only_they(alma, fixit):
    page = alma.get(f"/users/all/{ARCHIVED.removeprefix('/users/')}&action=restore")

    done = alma.submit(page, "/users/all/run/")

    assert done.messages[0] == "1 user restored."
    assert fixit.user(OLD).status is Status.ACTIVE
    assert [fixit.user(user_id).status for user_id in (ALMA, TOM, WILL)] == [Status.ACTIVE] * 3


def test_a_move_that_is_not_offered_is_not_run(alma, fixit):
    page = alma.act(alma.get("/users/"), "delete", ANN, confirmed=True)

    assert page.status == 404
    assert fixit.user(ANN).status is Status.ACTIVE


def test_nobody_archives_next_door(fixit):
    otto = sign_in(fixit, "otto@other.example")

    page = otto.act(otto.get("/users/"), "archive", ANN, confirmed=True)

    assert page.status == 404
    assert fixit.user(ANN).status is Status.ACTIVE
