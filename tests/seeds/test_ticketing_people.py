"""People / Front-End Members of a ticket office (seed 000): the page of the public, without scripts."""

import csv
import io
import json

import pytest
from sqlalchemy import func, select

from bo_panel.models import ChangeSet
from tests.browsing import Page, Visitor
from tests.members import DELETE, EDIT, EXPORT, IMG, NEW, PEOPLE, member_id, some, stored
from tests.office import HALL, NEXT_DOOR
from tests.site import Site

on_sqlite = pytest.mark.parametrize("ticketing_store", ["sqlite"], indirect=True)
"""For tests of nothing that the databases do differently."""


@pytest.fixture
def members(office: Site) -> Site:
    some(office)
    return office


def add(browser: Visitor, **values: str) -> Page:
    typed = {f"profile:{key}": value for key, value in {"active": "yes", **values}.items()}
    return browser.submit(browser.get(NEW), NEW, **typed)


@on_sqlite
@pytest.mark.seed("S0-60")
def test_public_members_are_never_listed_in_back_office_and_a_link_leads_to_them(members, anne):
    staff = anne.get("/users/")
    assert anne.get("/users/?search=zane").names == [] and "Bob Zane" not in staff.text
    assert "Looking for customers or public members?" in staff.text

    page = anne.get(staff.link("Use People / Front-End Members"))
    assert (page.path, page.heading) == (PEOPLE, "People / Front-End Members")
    assert anne.get(page.link("Use Manage Users")).heading == "Manage Users"
    assert members.visitor().sign_in("zoe@example.com").path == "/sign-in"


@pytest.mark.seed("S0-61")
def test_people_have_a_page_of_their_own_below_a_heading_of_its_own(members, anne):
    page = anne.get(PEOPLE)

    assert page.menu["Public"] == ["People / Front-End Members"] and "People / Front-End Members" not in page.menu["Back Office"]
    assert page.names == ["Zoe Ames", "Émile Moss", "Bob Zane"]
    assert page.row("Bob Zane") == {
        **{"Name": "BZ Bob Zane", "Email": "", "Mobile": "+44 20 7946 0018", "Member Number": "", "Joined": "", "Active": "Yes"},
        **{"Group Leader": "Greg Gold", "Actions": "Edit"},
    }


@on_sqlite
def test_group_leaders_have_the_page_and_those_who_only_scan_have_not(members):
    assert members.visitor("greg").get(PEOPLE).names == ["Zoe Ames", "Émile Moss", "Bob Zane"]
    assert members.visitor("nadja").get(PEOPLE).names == ["Qwyzzle Next"]
    for name in ("pete", "mimi"):
        browser = members.visitor(name)
        assert [browser.get(path).status for path in (PEOPLE, NEW, EXPORT)] == [403] * 3
        assert "People / Front-End Members" not in browser.get("/account/").links()


def test_the_list_is_searched_filtered_sorted_and_reset(members, anne):
    assert anne.get(f"{PEOPLE}?search=emile").names == ["Émile Moss"]
    assert anne.get(f"{PEOPLE}?search=m-1").names == ["Zoe Ames"]
    assert anne.get(f"{PEOPLE}?first_name=ÉMIL").names == anne.get(f"{PEOPLE}?last_name=mos").names == ["Émile Moss"]
    assert anne.get(f"{PEOPLE}?email=zoe@&mobile=%25").names == []
    assert anne.get(f"{PEOPLE}?active=no").names == ["Émile Moss"]
    assert anne.get(f"{PEOPLE}?joined=earlier").names == ["Zoe Ames"]
    assert anne.get(f"{PEOPLE}?leader_id=13").names == ["Bob Zane"]
    assert anne.get(f"{PEOPLE}?leader_id=0").names == ["Zoe Ames", "Émile Moss"]
    assert anne.get(f"{PEOPLE}?sort=-name").names == ["Bob Zane", "Émile Moss", "Zoe Ames"]
    assert anne.get(f"{PEOPLE}?sort=-joined").names[0] == "Zoe Ames"

    page = anne.get(f"{PEOPLE}?active=no&sort=-name&cols=note")
    assert page.columns == ["Name", "Note", "Actions"]
    assert anne.get(page.link("Reset list")).names == ["Zoe Ames", "Émile Moss", "Bob Zane"]


def test_a_member_is_added_edited_and_deleted_and_the_audit_log_shows_who_did_what(members, anne):
    done = add(anne, first_name="Nia", last_name=IMG, email="NIA@Example.com", member_number="M-9", leader_id="greg", joined="2026-01-31")
    assert done.messages == [f"Nia {IMG} was added."] and IMG not in done.html and f"Nia {IMG}" in done.names

    number = member_id(members, "Nia")
    form = anne.get(f"{EDIT}?id={number}")
    saved = anne.submit(form, EDIT, **{"profile:last_name": "Noon", "profile:leader_id": ""})
    assert saved.messages == ["Nia Noon was saved."]
    log = anne.get("/audit/?event=records.edited").text
    assert "anne" in log and "Edited a record · People / Front-End Members" in log and "Noon" in log and "Group Leader" in log

    asked = anne.get(anne.get(f"{EDIT}?id={number}").link("Delete"))
    assert asked.heading == "Delete Nia Noon?"
    assert anne.submit(asked, DELETE).messages == ["Nia Noon was deleted."]
    assert "NIA@example.com" in anne.get("/audit/?event=records.deleted").text
    assert [row.first_name for row in stored(members)] == ["Zoe", "Bob", "Émile", "Qwyzzle"]
    run = members.world.session.scalar(select(func.max(ChangeSet.id)))
    assert anne.get(f"/changes/?id={run}").status == 200
    assert anne.get(f"/jobs/undo/?change_set={run}").codes == ["undo.impossible"]


@on_sqlite
def test_what_the_log_tells_of_members_is_not_for_those_who_do_not_see_them(members):
    members.world.role("auditor", {"audit": "view"}, owned_at=HALL)
    members.world.user("tom", ("auditor", HALL), home=HALL, password="correct horse battery staple")

    text = members.visitor("tom").get("/audit/?event=records.added").text
    assert "Added a record" in text and "zoe@example.com" not in text and "Zoe" not in text


@on_sqlite
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(members, anne):
    cases = [
        ({"last_name": ""}, "Last Name: Enter something here."),
        ({"email": "nia"}, "Email: Enter an e-mail address in the form name@example.com."),
        ({"joined": "31.1.2026"}, "Joined: Enter a date in the form 2026-12-31."),
        ({"member_number": "m-1"}, "Member Number: Another one here has this already. Enter another."),
        ({"member_number": "x" * 61}, "Member Number: Use at most 60 characters; these are 61."),
        ({"leader_id": "anne"}, "Group Leader: Nobody who can do this here has that user name. Choose one of those on offer."),
        ({"active": "perhaps"}, "Active: Choose Yes or No."),
    ]
    for values, told in cases:
        page = add(anne, **{"first_name": "Nia", "last_name": "Noon", "note": "kept", **values})
        assert page.status in (409, 422) and page.problems[0].startswith(told), told
        assert page.control("Note").raw.strip() == "kept" and page.control("First Name")["value"] == "Nia"
    assert len(stored(members)) == 4


@on_sqlite
def test_who_saved_first_is_not_overwritten_unawares(members, anne):
    number = member_id(members, "Zoe")
    mine, theirs = anne.get(f"{EDIT}?id={number}"), anne.get(f"{EDIT}?id={number}")
    anne.submit(theirs, EDIT, **{"profile:note": "theirs"})

    page = anne.submit(mine, EDIT, **{"profile:note": "mine"})
    assert page.status == 409 and "Someone else saved this while you were editing" in page.text and "theirs" in page.text
    assert page.codes == ["record.changed"]
    assert anne.submit(page, EDIT).messages == ["Zoe Ames was saved."]
    assert [row.note for row in stored(members) if row.id == number] == ["mine"]


def test_members_next_door_do_not_exist(members, anne):
    number, token = member_id(members, "Qwyzzle"), anne.token()
    for path in (EDIT, DELETE):
        assert anne.get(f"{path}?id={number}").status == 404
        assert anne.post(f"{path}?id={number}", {"csrf_token": token, "version": "1", "profile:first_name": "Mine"}).status == 404
    assert anne.get(f"{NEW}?unit={NEXT_DOOR}").status == 404
    assert anne.get(f"{PEOPLE}?unit={NEXT_DOOR}").names == []
    assert "Qwyzzle" not in anne.submit(anne.get(EXPORT), EXPORT, format="csv").response.text


@on_sqlite
def test_whoever_has_several_organizations_chooses_one_first(members):
    members.world.user("boss", ("owner", 1), password="correct horse battery staple")
    boss = members.visitor("boss")

    asked = boss.get(NEW)
    assert asked.options("Organization") == {"Concert Hall": str(HALL), "Next Door": str(NEXT_DOOR)}
    form = boss.get(f"{NEW}?unit={NEXT_DOOR}")
    boss.submit(form, NEW, **{"profile:first_name": "Uma", "profile:last_name": "Upton", "profile:active": "yes"})
    assert boss.get(f"{PEOPLE}?unit={NEXT_DOOR}").names == ["Qwyzzle Next", "Uma Upton"]


@pytest.mark.seed("S0-12")
def test_the_export_tool_offers_backend_users_and_member_style_records(members, anne):
    tool = anne.get("/fmz/user/admin/export")
    page = anne.get(tool.link("Export People / Front-End Members"))
    assert (page.path, page.heading) == (EXPORT, "Export People / Front-End Members")
    add(anne, first_name="=1+1", last_name="Sum")

    table = list(csv.DictReader(io.StringIO(anne.submit(page, EXPORT, format="csv").response.get_data().decode("utf-8-sig"))))
    assert [row["Name"] for row in table] == ["Zoe Ames", "Émile Moss", "'=1+1 Sum", "Bob Zane"]
    assert table[0] == {
        **{"Name": "Zoe Ames", "Email": "zoe@example.com", "Mobile": "", "Member Number": "M-1", "Joined": "2020-01-05", "Active": "yes"},
        **{"Group Leader": ""},
    }
    lines = anne.submit(anne.get(f"{EXPORT}?active=no&cols=active&cols=unit"), EXPORT, format="jsonl").response.text.splitlines()
    assert [json.loads(line) for line in lines] == [{"name": "Émile Moss", "active": "no", "unit": "Concert Hall"}]
    assert anne.submit(page, EXPORT, format="xlsx").response.get_data()[:2] == b"PK"
    assert "active=no" in anne.get("/audit/?event=records.exported").text
    assert "Greg Gold" in anne.submit(tool, "/users/export/", format="csv").response.text
