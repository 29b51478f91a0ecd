"""The pages of the units: the tree, one unit, creating, renaming and moving one, and what is not offered."""

import pytest
from sqlalchemy import select

from bo_panel.models import Unit
from tests.browsing import Page
from tests.site import ACCOUNT, AMBER, AMBER_ONE, BIRCH, CEDAR, NORTH, SOUTH, Site


def units(page: Page) -> list[str]:
    return [link.text for link in page.tree.all("a", class_="tree-name")]


def stored(site: Site, unit_id: int) -> Unit:
    site.world.session.rollback()
    return site.world.session.scalars(select(Unit).where(Unit.id == unit_id).execution_options(populate_existing=True)).one()


def test_the_tree_begins_where_one_may_look_and_shows_what_is_inside(site, nora, boss):
    assert units(nora.get("/units/")) == ["Northwind Telecom", "Amber Line", "Birch Line"]
    assert units(boss.get("/units/")) == ["Platform", "Northwind Telecom", "Qwyzzle Telecom"]
    assert units(site.visitor("ada").get("/units/")) == ["Amber Line", "Amber One", "Amber Two"]
    assert site.visitor("bert").get("/units/").status == 403


def test_only_what_has_something_inside_can_be_opened(nora):
    page = nora.get("/units/")

    assert [(button["aria-label"], button["aria-expanded"]) for button in page.tree.all("button") if "data-branch" in button] == [
        ("Inside Northwind Telecom", "true"),
        ("Inside Amber Line", "false"),
    ]


def test_without_scripts_the_tree_is_walked_by_links_and_each_unit_says_the_way_to_it(nora):
    page = nora.get(nora.get("/units/").link("Amber Line"))
    assert (page.heading, units(page)) == ("Amber Line", ["Amber One", "Amber Two"])

    page = nora.get(page.link("Amber Two"))

    assert page.heading == "Amber Two"
    assert [link.text for link in page.tree.first("nav", class_="way").all("a")] == ["Units", "Northwind Telecom", "Amber Line"]
    assert "Nothing stands below it." in page.text


def test_the_way_begins_where_one_may_look(site):
    page = site.visitor("ada").get(f"/units/show/?id={AMBER_ONE}")

    assert [link.text for link in page.tree.first("nav", class_="way").all("a")] == ["Units", "Amber Line"]
    assert "Northwind" not in page.tree.first("main").text


def test_a_search_finds_units_and_says_where_they_stand(nora):
    page = nora.get("/units/?search=AMBER")

    assert units(page) == ["Amber Line", "Amber One", "Amber Two"]
    assert [node.text for node in page.tree.all("span", class_="tree-way")][1] == "Northwind Telecom › Amber Line"
    assert units(nora.get("/units/?search=qwyzzle")) == []
    assert "Nothing matches" in nora.get("/units/?search=qwyzzle").text


def test_a_unit_says_who_is_there_and_leads_to_all_of_them_and_to_what_happened(nora, site):
    page = nora.get(f"/units/show/?id={AMBER}")
    people = [node.text for node in page.tree.first("ul", class_="rows").all("p") if node.all("bdi")]
    assert {"Ada Clarke", "Bert Brown", "Cleo Dunn", "Gus Visitor"} <= set(people)

    listed = nora.get(page.link("List all 4"))
    assert listed.names == ["Bert Brown", "Ada Clarke", "Cleo Dunn", "Gus Visitor"]
    assert nora.get(f"/users/?home={AMBER_ONE}").names == ["Cleo Dunn"]

    nora.submit(nora.get(f"/units/edit/?id={AMBER_ONE}"), "/units/edit/", name="Amber First")
    events = nora.get(page.link("What happened"))
    assert "Amber First" in events.text
    assert "Signed in" not in events.tree.first("ol", class_="events").text
    assert "Nothing matches" in nora.get(f"/audit/?unit={BIRCH}").text


def test_a_neighbours_unit_does_not_exist(nora, site):
    before = site.everything()
    for path in ("show", "new", "edit", "move", "parents"):
        for unit_id in (SOUTH, CEDAR, 1, 999):
            page = nora.get(f"/units/{path}/?id={unit_id}")
            assert (page.status, page.codes) == (404, ["not_found"]), (path, unit_id)
    for path in ("new", "edit", "move"):
        page = nora.post(f"/units/{path}/?id={SOUTH}", {"csrf_token": nora.token(), "name": "Taken", "parent": str(NORTH)})
        assert (page.status, page.codes) == (404, ["not_found"]), path
    assert site.everything() == before


def test_a_unit_is_created_below_another_and_shown(nora, site):
    page = nora.get(nora.get(f"/units/show/?id={AMBER}").link("Add Sub-Account"))
    assert page.heading == "Add Sub-Account"
    assert page.control("Kind").text == "Sub-Account"

    done = nora.submit(page, "/units/new/", name="  Amber  Three ")

    assert (done.heading, done.messages) == ("Amber Three", ["Amber Three was created."])
    assert units(nora.get(f"/units/show/?id={AMBER}")) == ["Amber One", "Amber Three", "Amber Two"]


@pytest.mark.parametrize(
    ("typed", "status", "problem"),
    [
        ({"name": "  "}, 422, "Name: Enter a name."),
        ({"name": "x" * 121}, 422, "Name: Use at most 120 characters; these are 121."),
        ({"name": "New", "kind": ACCOUNT}, 422, "Kind: A Platform Account cannot stand below Amber Line. Choose another place."),
        ({"name": "New", "kind": "nonsense"}, 422, "Kind: A nonsense cannot stand below Amber Line. Choose another place."),
    ],
)
def test_what_is_typed_stays_in_the_form_when_it_is_refused(nora, site, typed, status, problem):
    before = site.everything()

    page = nora.submit(nora.get(f"/units/new/?id={AMBER}"), "/units/new/", **typed)

    assert (page.status, page.problems) == (status, [problem])
    assert page.title.startswith("Error:")
    assert page.control("Name")["value"] == typed["name"]
    assert site.everything() == before


def test_a_unit_gets_another_name_and_what_is_wrong_with_it_is_told(nora, site):
    form = nora.get(nora.get(f"/units/show/?id={AMBER_ONE}").link("Rename"))
    assert form.control("Name")["value"] == "Amber One"
    assert nora.submit(form, "/units/edit/", name="").problems == ["Name: Enter a name."]

    done = nora.submit(form, "/units/edit/", name="Amber First")

    assert (done.heading, done.messages) == ("Amber First", ["Amber One is now called Amber First."])
    assert stored(site, AMBER_ONE).name == "Amber First"


def test_a_unit_is_moved_to_a_place_that_was_looked_up(nora, site):
    form = nora.get(nora.get(f"/units/show/?id={AMBER_ONE}").link("Move"))
    places = nora.get(f"/units/parents/?id={AMBER_ONE}&q=line").json["results"]
    assert [(place["id"], place["hint"]) for place in places] == [(AMBER, "Northwind Telecom"), (BIRCH, "Northwind Telecom")]

    done = nora.submit(form, "/units/move/", parent=str(BIRCH))

    assert (done.heading, done.messages) == ("Amber One", ["Amber One is now below Birch Line."])
    assert stored(site, AMBER_ONE).path == f"/1/{NORTH}/{BIRCH}/{AMBER_ONE}/"


@pytest.mark.parametrize(
    ("parent", "status", "code"),
    [
        ("", 422, "unit.unknown"),
        ("x", 422, "unit.unknown"),
        (str(CEDAR), 422, "unit.unknown"),
        ("999", 422, "unit.unknown"),
        (str(NORTH), 422, "unit.wrong_kind"),
        (str(AMBER_ONE), 409, "unit.into_itself"),
    ],
)
def test_a_unit_is_not_moved_to_where_it_cannot_stand_and_the_choice_stays(nora, site, parent, status, code):
    before = site.everything()

    page = nora.submit(nora.get(f"/units/move/?id={AMBER_ONE}"), "/units/move/", parent=parent)

    assert page.status == status
    assert [node.text for node in page.tree.first("ul", class_="notice-links").all("code")] == [code]
    kept = [node["value"] for node in page.tree.all("input", name="parent")]
    assert kept == ([parent] if parent in (str(NORTH), str(AMBER_ONE)) else [])
    assert site.everything() == before


def test_a_move_by_which_somebody_would_gain_what_the_mover_does_not_hold_is_refused(nora, site):
    site.world.role("strong", {"roles": "edit"}, owned_at=NORTH)
    site.world.grant(site.world.user("rita", home=NORTH), "strong", BIRCH)

    page = nora.submit(nora.get(f"/units/move/?id={AMBER_ONE}"), "/units/move/", parent=str(BIRCH))

    assert page.status == 403
    assert page.problems == ["New place: Strong gives more than you hold at Amber One. Choose a lower role, or ask somebody above you."]


def test_what_one_may_not_do_is_not_offered_and_refused_all_the_same(site):
    ada, token = site.visitor("ada"), site.visitor("ada").token()
    page = ada.get(f"/units/show/?id={AMBER}")
    assert not {"Rename", "Move", "Add Sub-Account"} & set(page.links())
    for path in ("new", "edit", "move"):
        assert ada.get(f"/units/{path}/?id={AMBER}").status == 403
        assert ada.post(f"/units/{path}/?id={AMBER}", {"csrf_token": token, "name": "x"}).status in (400, 403)

    nora = site.visitor("nora")
    links = nora.get(f"/units/show/?id={NORTH}").links()
    assert "Rename" in links
    assert "Move" not in links  # she holds nothing at the platform above
    assert nora.get(f"/units/move/?id={NORTH}").status == 403


def test_a_field_that_the_form_does_not_have_is_refused(nora, site):
    page = nora.post(f"/units/edit/?id={AMBER}", {"csrf_token": nora.token(), "name": "New", "path": "/1/"})

    assert (page.status, page.codes) == (422, ["field.unknown"])


def test_the_root_is_neither_moved_nor_left_without_what_can_stand_below_it(boss):
    links = boss.get("/units/show/?id=1").links()
    assert [link for link in links if link in ("Rename", "Move", "Add Service Provider", "Add Sub-Account")] == ["Rename", "Add Service Provider"]
    assert boss.get("/units/move/?id=1").status == 403

    assert boss.submit(boss.get("/units/new/?id=1"), "/units/new/", name="Third").heading == "Third"
