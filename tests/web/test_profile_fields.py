"""Profile fields on the form of a user: what is typed is kept, what is wrong is told, and nothing that somebody typed is markup."""

import pytest
from sqlalchemy import select

from bo_panel.domain.lifecycle import DELETE
from bo_panel.models import User
from bo_panel.services.changes import EditUsers, MoveUsers
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Changed
from tests.browsing import PASSWORD, Page, Visitor
from tests.grove import Grove

TYPED = {
    "profile:grove.nickname": "Äsh",
    "profile:grove.number": "A-17",
    "profile:grove.height": "1,50",
    "profile:grove.planted": "2026-02-28",
    "profile:grove.evergreen": "yes",
    "profile:grove.soil": "Sand",
    "profile:grove.birds": ["", "Wren", "Owl"],
    "profile:grove.second_mail": "Ann@Example.com",
    "profile:grove.second_phone": "+44 20 7946 0018",
    "profile:grove.country": "US",
    "profile:grove.state": "US-CA",
    "profile:grove.page": "https://example.com/ann",
}
STORED = {
    "grove.nickname": "Äsh",
    "grove.number": "A-17",
    "grove.height": "1.5",
    "grove.planted": "2026-02-28",
    "grove.evergreen": "yes",
    "grove.soil": "Sand",
    "grove.birds": "Owl\x1fWren",
    "grove.second_mail": "Ann@example.com",
    "grove.second_phone": "+44 20 7946 0018",
    "grove.country": "US",
    "grove.state": "US-CA",
    "grove.page": "https://example.com/ann",
}


def form(grove: Grove, by: str = "editor") -> tuple[Visitor, Page]:
    visitor = grove.visitor(by)
    return visitor, visitor.get(f"/users/edit/?id={grove.ann}")


def test_every_type_is_typed_stored_and_shown_again(grove: Grove) -> None:
    visitor, page = form(grove)
    saved = visitor.submit(page, "/users/edit/", **TYPED)
    assert saved.messages and not saved.problems
    assert grove.site.user(grove.ann).profile == STORED

    again = visitor.get(f"/users/edit/?id={grove.ann}")
    filled = again.filled(again.form("/users/edit/"))
    assert filled["profile:grove.birds"] == ["", "Owl", "Wren"]
    assert filled["profile:grove.state"] == ["US-CA"]
    assert "California" in again.options("State")
    assert visitor.submit(again, "/users/edit/").messages
    assert grove.site.trail(grove.ann) == ["users.edited"]


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("height", "tall", "Enter a number"),
        ("height", "1e99", "Enter a number"),
        ("planted", "30 February", "Enter a date"),
        ("evergreen", "perhaps", "Choose Yes or No"),
        ("soil", "Mud", "Choose one of those"),
        ("birds", ["", "Emu"], "Choose among those"),
        ("second_mail", "nowhere", "Enter an e-mail address"),
        ("second_phone", "12", "Enter a telephone number"),
        ("country", "Atlantis", "Choose a country"),
        ("state", "DE-BE", "Choose a state of the country"),
        ("page", "javascript:alert(1)", "begins with https"),
        ("nickname", "n" * 401, "at most 400"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(grove: Grove, name: str, typed: str | list[str], said: str) -> None:
    visitor, page = form(grove)
    refused = visitor.submit(page, "/users/edit/", **{"first_name": "Anna", "profile:grove.country": "US", f"profile:grove.{name}": typed})
    assert refused.status == 422
    assert said in " ".join(refused.problems)
    filled = refused.filled(refused.form("/users/edit/"))
    assert filled["first_name"] == ["Anna"]
    assert set(typed if isinstance(typed, list) else [typed]) <= set(filled[f"profile:grove.{name}"])
    assert grove.site.user(grove.ann).profile == {}


def test_a_state_goes_when_its_country_does(grove: Grove) -> None:
    visitor, page = form(grove)
    visitor.submit(page, "/users/edit/", **TYPED)
    page = visitor.get(f"/users/edit/?id={grove.ann}")
    refused = visitor.submit(page, "/users/edit/", **{"profile:grove.country": "DE"})
    assert refused.problems == ["State: Choose a state of the country that is chosen."]
    assert "Berlin" in refused.options("State")
    visitor.submit(refused, "/users/edit/", **{"profile:grove.state": "DE-BE"})
    assert grove.site.user(grove.ann).profile["grove.state"] == "DE-BE"
    visitor.submit(visitor.get(f"/users/edit/?id={grove.ann}"), "/users/edit/", **{"profile:grove.country": "", "profile:grove.state": ""})
    assert not {"grove.state", "grove.country"} & grove.site.user(grove.ann).profile.keys()


def test_the_states_of_a_country_are_looked_up(grove: Grove) -> None:
    visitor = grove.visitor("editor")
    assert {"value": "US-CA", "label": "California"} in visitor.get("/users/states/?country=US").json["states"]
    for odd in ("", "XX", "US%00", "'"):
        assert visitor.get(f"/users/states/?country={odd}").json == {"states": []}


def test_markup_in_labels_help_and_choices_is_text(grove: Grove) -> None:
    _visitor, page = form(grove)
    assert "<img" not in page.html
    assert "Nickname <img onerror=alert(1)>" in page.labels()
    assert "<img onerror=alert(3)>" in page.options("Soil")


def test_a_member_number_is_one_user_s_alone_however_it_is_spelled(grove: Grove) -> None:
    other = grove.world.user("other", home=grove.north)
    visitor, page = form(grove)
    visitor.submit(page, "/users/edit/", **{"profile:grove.number": "A-17"})
    page = visitor.get(f"/users/edit/?id={other}")
    refused = visitor.submit(page, "/users/edit/", **{"profile:grove.number": "a-１７"})
    assert (refused.status, refused.problems) == (409, ["Member number: Somebody else has this already. Enter another."])
    assert "ann" not in refused.tree.first("form", method="post").text.lower()

    admin = grove.visitor("admin")
    admin.act(admin.get("/users/"), "delete", grove.ann, confirmed=True)
    assert visitor.submit(refused, "/users/edit/").messages
    assert grove.site.user(other).profile == {"grove.number": "a-１７"}


def test_a_field_that_asks_for_a_level_is_neither_seen_nor_changed_without_it(grove: Grove) -> None:
    grove.world.run(EditUsers(profile={"grove.remarks": "Rotten"}), grove.ann)
    visitor, page = form(grove, "editor")
    assert "Remarks" not in page.labels() and "Rotten" not in page.html
    values = {**page.filled(page.form("/users/edit/")), "profile:grove.remarks": "Fine"}
    assert visitor.post(f"/users/edit/?id={grove.ann}", values).status == 422
    assert grove.site.user(grove.ann).profile == {"grove.remarks": "Rotten"}

    admin, page = form(grove, "admin")
    assert admin.submit(page, "/users/edit/", **{"profile:grove.remarks": "Fine\r\nand old"}).messages
    assert grove.site.user(grove.ann).profile == {"grove.remarks": "Fine\nand old"}


def test_somebody_new_has_a_profile_and_what_is_required_at_his_home(grove: Grove) -> None:
    visitor = grove.visitor("admin")
    page = visitor.get("/users/new/")
    plot = grove.world.unit("Plot", kind="grove.plot", below=grove.stand)
    more = {"user_name": "new", "role": "grove.viewer", "profile:grove.nickname": "Newt"}
    refused = visitor.submit(page, "/users/new/", home=str(plot), **more)
    assert "Bench" in refused.labels() and "Nickname <img onerror=alert(1)>" in refused.labels()
    again = visitor.submit(refused, "/users/new/", **{"profile:grove.bench": "3"})
    assert again.messages == ["new was added."], again.problems
    user = grove.world.session.scalars(select(User).where(User.user_name == "new")).one()
    assert user.profile == {"grove.nickname": "Newt", "grove.bench": "3"}
    assert visitor.get("/users/?search=newt").names == ["new"]


COLUMNS = "cols=profile:grove.birds&cols=profile:grove.evergreen&cols=profile:grove.country"
VALUES = {"grove.birds": "Wren\nOwl", "grove.evergreen": "yes", "grove.country": "FR", "grove.state": "FR-IDF", "grove.second_mail": "a@b.example"}


def test_a_field_is_a_column_of_the_list_and_of_its_export(grove: Grove) -> None:
    grove.world.run(EditUsers(profile=VALUES), grove.ann)
    visitor = grove.visitor("viewer")
    page = visitor.get(f"/users/?{COLUMNS}")
    row = page.row("Ann Ash")
    assert (row["Birds"], row["Evergreen"], row["Country"]) == ("Owl, Wren", "Yes", "France")
    assert "profile:grove.second_mail" not in page.html and "profile:grove.remarks" not in page.html

    token = {"csrf_token": visitor.token()}
    columns = ["profile:grove.birds", "profile:grove.country"]
    told = visitor.post("/users/export/", {**token, "format": "csv", "cols": columns, "search": "ann"}).response.text
    assert told.splitlines() == ["\ufeffName,Birds,Country", 'Ann Ash,"Owl, Wren",FR']
    for hidden in ("profile:grove.second_mail", "profile:grove.remarks", "profile:grove.nothing"):
        refused = visitor.post("/users/export/", {**token, "format": "csv", "cols": [hidden]})
        assert "export.unknown_column" in " ".join(refused.messages)


def test_a_column_shows_nothing_where_the_level_is_not_held(grove: Grove) -> None:
    south = grove.world.user("sue", home=grove.south, first_name="Sue")
    grove.world.run(EditUsers(profile={"grove.remarks": "Rotten"}), grove.ann, south)
    grove.world.grant(grove.world.user("both", ("grove.editor", grove.south), home=grove.south, password=PASSWORD), "grove.admin", grove.north)
    visitor = grove.visitor("both")
    page = visitor.get("/users/?cols=profile:grove.remarks")
    assert (page.row("Ann Ash")["Remarks"], page.row("Sue")["Remarks"]) == ("Rotten", "")
    sent = {"csrf_token": visitor.token(), "format": "csv", "cols": ["profile:grove.remarks"], "search": ""}
    told = visitor.post("/users/export/", sent).response.text.splitlines()
    assert "Ann Ash,Rotten" in told and "Sue," in told


def test_the_audit_log_tells_of_a_field_to_those_who_see_it(grove: Grove) -> None:
    grove.world.run(EditUsers(profile={"grove.remarks": "Rotten", "grove.country": "FR"}), grove.ann)
    grove.world.role("auditor", {"audit": "view", "users": "view"}, owned_at=grove.north)
    grove.world.user("auditor", ("auditor", grove.north), home=grove.north, password=PASSWORD)
    seen = {name: grove.visitor(name).get("/audit/").text for name in ("admin", "auditor")}
    assert "Remarks" in seen["admin"] and "Rotten" in seen["admin"] and "France" in seen["admin"]
    assert "France" in seen["auditor"] and "Remarks" not in seen["auditor"] and "Rotten" not in seen["auditor"]


def test_an_edit_of_the_profile_is_taken_back(grove: Grove) -> None:
    grove.world.run(EditUsers(profile={"grove.number": "1", "grove.nickname": "Ashy"}), grove.ann)
    result = grove.world.run(EditUsers(profile={"grove.number": "2", "grove.nickname": None, "grove.height": "3"}), grove.ann)
    change = undo_of(grove.world.session, result.change_set_id or 0)
    grove.world.run(change, grove.ann)
    assert grove.site.user(grove.ann).profile == {"grove.number": "1", "grove.nickname": "Ashy"}
    other = grove.world.user("other", home=grove.north)
    assert [row.code for row in grove.world.run(EditUsers(profile={"grove.number": "1"}), other).refusals] == ["field.taken"]
    assert grove.world.run(EditUsers(profile={"grove.number": "2"}), other).changed == 1


def test_a_deleted_user_comes_back_with_his_number_unless_somebody_has_it_by_now(grove: Grove) -> None:
    other = grove.world.user("other", home=grove.north)
    grove.world.run(EditUsers(profile={"grove.number": "1"}), grove.ann)
    deleted = grove.world.run(MoveUsers(move=DELETE), grove.ann).change_set_id or 0
    grove.world.run(EditUsers(profile={"grove.number": "1"}), other)
    back = Changed(deleted)
    assert [row.code for row in grove.world.run(undo_of(grove.world.session, deleted), selection=back).refusals] == ["field.taken"]
    grove.world.run(EditUsers(profile={"grove.number": None}), other)
    assert grove.world.run(undo_of(grove.world.session, deleted), selection=back).changed == 1
    assert [row.code for row in grove.world.run(EditUsers(profile={"grove.number": "1"}), other).refusals] == ["field.taken"]


def test_what_is_not_his_to_see_is_not_his_to_take_back(grove: Grove) -> None:
    done = grove.world.run(EditUsers(profile={"grove.remarks": "Rotten"}), grove.ann)
    editor = grove.world.actor(grove.editor)
    result = grove.world.run(undo_of(grove.world.session, done.change_set_id or 0), grove.ann, by=editor)
    assert [row.code for row in result.refusals] == ["field.not_here"]
