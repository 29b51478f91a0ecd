"""Exporting the list: what the reader sees and nothing else, at once or as a job, in three formats."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import select, update

from bo_panel.models import AuditEvent, User
from bo_panel.services.engine import writing
from tests.browsing import PASSWORD, Page, Visitor
from tests.site import ADA, GUEST, NORTH, PLATFORM_ADMINISTRATOR, SENTINEL, SUPPORT, Site

XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def export(browser: Visitor, written_as: str = "csv", **values: str | list[str]) -> Page:
    return browser.post("/users/export/", {"csrf_token": browser.token(), "format": written_as, **values}, follow=False)


def table(page: Page) -> list[dict[str, str]]:
    assert page.status == 200, page.html
    return list(csv.DictReader(io.StringIO(page.response.data.decode("utf-8-sig"))))


def cells(data: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    return [["".join(cell.itertext()) for cell in row.iter(f"{XML}c")] for row in sheet.iter(f"{XML}row")]


def write(site: Site, *statements) -> None:
    with writing(site.world.session):
        for statement in statements:
            site.world.session.execute(statement, execution_options={"synchronize_session": False})


def test_a_file_has_what_the_list_shows(nora):
    page = nora.get("/users/")
    rows = table(nora.submit(page, "/users/export/", format="csv"))

    assert list(rows[0]) == page.columns[1:-1]
    assert [row["Name"] for row in rows] == page.names
    ada = next(row for row in rows if row["Name"] == "Ada Clarke")
    assert (ada["User Name"], ada["Status"], ada["User Role"]) == ("ada", "Active", "Platform Administrator")


def test_a_page_of_its_own_says_what_will_be_in_the_file_and_leads_to_it(nora):
    page = nora.get("/users/export/?search=north.example&status=active&cols=id&cols=phone&after=nonsense")

    assert page.heading == "Export users"
    assert "words “north.example”; Status: Active" in page.text
    assert "Name, Phone, ID" in page.text
    rows = table(nora.submit(page, "/users/export/", format="csv"))
    assert list(rows[0]) == ["Name", "Phone", "ID"]
    assert [row["Name"] for row in rows] == nora.get("/users/?search=north.example&status=active").names
    assert nora.get(page.link("Back-Office Users")).heading == "Back-Office Users"


def test_search_filters_order_and_columns_are_those_of_the_list(nora):
    page = nora.get("/users/?search=north.example&status=active&sort=-id&cols=id&cols=phone&cols=last_sign_in")
    answer = nora.submit(page, "/users/export/", format="csv")
    rows = table(answer)

    assert answer.headers["Content-Disposition"].startswith('attachment; filename="users-')
    assert list(rows[0]) == ["Name", "Phone", "Last sign-in", "ID"]
    assert [row["ID"] for row in rows] == ["16", "14", "13", "12"]
    assert next(row for row in rows if row["ID"] == str(ADA))["Phone"] == "'+442071838750"
    assert {row["ID"]: row["Last sign-in"] for row in rows}[str(ADA)] == ""


def test_columns_that_count_are_left_out(nora):
    rows = table(export(nora, "csv", cols=["user_name", "count:service_provider.sub_account"]))
    assert list(rows[0]) == ["Name", "User Name"]


def test_a_moment_is_written_in_the_form_of_iso_8601(site, nora):
    write(site, update(User).where(User.id == ADA).values(last_sign_in=site.world.now))
    [ada] = table(export(nora, search="ada@north.example", cols=["last_sign_in"]))

    assert ada["Last sign-in"] == f"{site.world.now:%Y-%m-%dT%H:%M:%SZ}"


def test_the_csv_is_as_rfc_4180_wants_it(site, nora):
    write(site, update(User).where(User.id == ADA).values(first_name='A "quoted", one', last_name="of\ntwo lines"))
    data = export(nora, search="ada", cols=["first_name", "last_name"]).response.data

    assert data.startswith(b"\xef\xbb\xbfName,First Name,Last Name\r\n")
    assert data.endswith(b',"A ""quoted"", one","of\ntwo lines"\r\n')


def test_json_lines_have_stable_keys_and_plain_values(nora):
    [ada] = [json.loads(line) for line in export(nora, "jsonl", search="ada@north.example").response.data.splitlines()]

    assert ada["role"] == ["Platform Administrator"]
    assert ada["status"] == "active"
    assert ada["name"] == "Ada Clarke"
    assert export(nora, "jsonl", cols=["phone", "id"], search="ada@north.example").response.data == (
        b'{"name": "Ada Clarke", "phone": "+442071838750", "id": %d}\n' % ADA
    )


def test_a_workbook_holds_the_same(nora):
    answer = export(nora, "xlsx")
    assert answer.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    found = cells(answer.response.data)

    assert found[0] == list(table(export(nora))[0])
    assert [row[0] for row in found[1:]] == [row["Name"] for row in table(export(nora))]


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"]


def test_no_value_is_a_formula(site, nora):
    for number, text in enumerate(FORMULAS):
        site.world.user(f"f{number}", id=100 + number, home=NORTH, last_name=text, email=f"f{number}@formula.example")
    asked = {"search": "formula.example", "sort": "id", "cols": ["last_name"]}
    data = export(nora, **asked).response.data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(data, newline="")))[1:]
    book = cells(export(nora, "xlsx", **asked).response.data)[1:]
    lines = [json.loads(line) for line in export(nora, "jsonl", **asked).response.data.splitlines()]

    assert [row[1] for row in rows] == [f"'{text}" for text in FORMULAS]
    assert [row[0][0] for row in rows] == ["'" if text.strip() else "f" for text in FORMULAS]
    assert {row[1][0] for row in book} == {"'"}
    assert [line["last_name"] for line in lines] == FORMULAS


def test_of_guests_only_what_is_shown_of_them_leaves(site, nora):
    write(site, update(User).where(User.id == GUEST).values(last_sign_in=site.world.now))
    columns = ["user_name", "first_name", "email", "phone", "home", "role", "status", "last_sign_in", "id"]
    [gus] = table(export(nora, search="gus", cols=columns))

    assert gus["Name"] == "Gus Visitor"
    assert gus["User Role"] == "Platform User"
    assert [head for head, value in gus.items() if value] == ["Name", "User Name", "First Name", "User Role", "Status"]
    assert SENTINEL not in export(nora, cols=columns).html


def test_an_address_that_stands_for_having_none_never_leaves(site, nora):
    write(site, update(User).where(User.id == ADA).values(email_deliverable=False))

    for written_as in ("csv", "jsonl"):
        assert "ada@north.example" not in export(nora, written_as, search="ada").html


def test_a_role_of_a_place_that_is_not_in_sight_is_not_told(site, nora):
    site.world.grant(ADA, SUPPORT, 7)

    [ada] = table(export(nora, search="ada@north.example"))
    assert ada["User Role"] == "Platform Administrator"


def test_roles_are_told_once_each_and_without_those_that_have_ended(site, nora):
    site.world.grant(ADA, PLATFORM_ADMINISTRATOR, 4)
    site.world.grant(ADA, SUPPORT, NORTH)
    site.world.grant(ADA, "gone", NORTH)
    site.world.grant(ADA, "service_provider.platform_user", NORTH, expires_at=site.world.now - timedelta(days=1))

    [ada] = table(export(nora, search="ada@north.example"))
    assert ada["User Role"].split(", ") == sorted(["Platform Administrator", "Service Provider Support", "gone"])


def test_an_export_is_on_the_trail_before_it_leaves(site, nora):
    export(nora, status="active", cols=["email"])
    site.world.session.rollback()
    event = site.world.session.scalars(select(AuditEvent).where(AuditEvent.event == "users.exported")).one()

    assert (event.unit_id, event.actor_name, event.user_id) == (NORTH, "nora", None)
    assert event.after == {"users": 5, "format": "csv", "columns": "name, email", "filters": "status=active"}
    log = site.visitor("boss").get("/audit/?event=users.exported").text
    assert "Exported users" in log
    assert "status=active" in log


REFUSED = {
    "export.unknown_format": {"format": "pdf"},
    "export.unknown_column": {"cols": ["email", "password_hash"]},
    "export.too_many_columns": {"cols": ["email"] * 40},
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_cannot_be_had_is_told_on_the_list(site, nora, code):
    answer = nora.post("/users/export/", {"csrf_token": nora.token(), "format": "csv", **REFUSED[code]})

    assert answer.path == "/users/"
    assert code in answer.messages[0]
    assert site.everything()["export_file"] == 0


def test_who_sees_no_users_exports_none(site):
    site.world.user("trudy", id=40, home=NORTH, password=PASSWORD)
    trudy = site.visitor("trudy")

    assert export(trudy).status == 403


def test_looking_exports_nothing(nora, site):
    before = site.everything()

    assert nora.ask("GET", "/users/export/").status == 200
    assert site.everything() == before


@pytest.mark.parametrize("values", [{"search": "%00\x00", "status": "x"}, {"sort": "\x00"}, {"home": "999999999999999999999"}, {"format": "csv\x00"}])
def test_crafted_forms_are_answered(nora, values):
    assert export(nora, **{"written_as" if name == "format" else name: value for name, value in values.items()}).status in (200, 303)
