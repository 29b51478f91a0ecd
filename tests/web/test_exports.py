"""Exporting the list: what the reader sees and nothing else, at once or as a job, in three formats."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import func, select, update

from bo_panel.domain.jobs import JobState
from bo_panel.jobs.exports import sweep
from bo_panel.models import AuditEvent, ExportFile, ExportPart, Grant, Job, User
from bo_panel.services.engine import writing
from bo_panel.settings.sections import Export
from tests.browsing import PASSWORD, Page, Visitor
from tests.site import ADA, AMBER, GUEST, NORTH, PLATFORM_ADMINISTRATOR, SENTINEL, SUPPORT, Site

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


@pytest.fixture
def many(site: Site) -> Visitor:
    """Nora, where two users are too many to be exported at once."""
    browser = Visitor(site.beside(export=Export(above=2)))
    browser.sign_in("nora")
    return browser


def given_in(many: Visitor, written_as: str = "csv", **values: str) -> int:
    answer = export(many, written_as, **values)
    assert answer.status == 303
    return int(answer.headers["Location"].partition("id=")[2])


def the_job(site: Site) -> Job:
    site.world.session.rollback()
    return site.world.session.scalars(select(Job).order_by(Job.id.desc())).first()


@pytest.mark.seed("S0-12")
@pytest.mark.seed("S0-13")
def test_a_file_has_what_the_list_shows(nora):
    page = nora.get("/users/")
    rows = table(nora.submit(page, "/users/export/", format="csv"))

    assert list(rows[0]) == page.columns[:-1]
    assert [row["Name"] for row in rows] == page.names
    ada = next(row for row in rows if row["Name"] == "Ada Clarke")
    assert ada["E-mail"] == "ada@north.example"
    assert ada["Status"] == "Active"
    assert ada["Role"] == "Platform Administrator"


def test_search_filters_order_and_columns_are_those_of_the_list(nora):
    page = nora.get("/users/?search=north.example&status=active&sort=-id&cols=id&cols=phone&cols=last_sign_in")
    answer = nora.submit(page, "/users/export/", format="csv")
    rows = table(answer)

    assert answer.headers["Content-Disposition"].startswith('attachment; filename="users-')
    assert list(rows[0]) == ["Name", "Phone", "Last sign-in", "ID"]
    assert [row["ID"] for row in rows] == ["16", "14", "13", "12"]
    assert next(row for row in rows if row["ID"] == str(ADA))["Phone"] == "'+442071838750"
    assert {row["Last sign-in"] for row in rows} <= {"", *(row["Last sign-in"] for row in rows if row["Last sign-in"].endswith("Z"))}


def test_a_moment_is_written_in_the_form_of_iso_8601(site, nora):
    write(site, update(User).where(User.id == ADA).values(last_sign_in=site.world.now))
    [ada] = table(export(nora, search="ada@north.example", cols=["last_sign_in"]))

    assert ada["Last sign-in"] == f"{site.world.now:%Y-%m-%dT%H:%M:%SZ}"


def test_the_csv_is_as_rfc_4180_wants_it(site, nora):
    write(site, update(User).where(User.id == ADA).values(first_name='A "quoted", one', last_name="of\ntwo lines"))
    data = export(nora, search="ada", cols=["first_name", "last_name"]).response.data

    assert data.startswith(b"\xef\xbb\xbfName,First name,Last name\r\n")
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


@pytest.mark.parametrize("text", FORMULAS)
def test_no_value_is_a_formula(site, nora, text):
    write(site, update(User).where(User.id == ADA).values(last_name=text, first_name=""))
    answer = export(nora, search="ada@north.example", cols=["last_name"])
    row = next(csv.reader(io.StringIO(answer.response.data.decode("utf-8-sig").partition("\r\n")[2], newline="")))
    book = cells(export(nora, "xlsx", search="ada@north.example", cols=["last_name"]).response.data)
    line = json.loads(export(nora, "jsonl", search="ada@north.example", cols=["last_name"]).response.data)

    assert row[1] == f"'{text}"
    assert book[1][1].startswith("'")
    assert line["last_name"] == text


def test_of_guests_only_what_is_shown_of_them_leaves(site, nora):
    write(site, update(User).where(User.id == GUEST).values(last_sign_in=site.world.now))
    columns = ["user_name", "first_name", "email", "phone", "home", "role", "status", "last_sign_in", "id"]
    [gus] = table(export(nora, search="gus", cols=columns))

    assert gus["Name"] == "Gus Visitor"
    assert gus["Role"] == "Platform User"
    assert [head for head, value in gus.items() if value] == ["Name", "User name", "First name", "Role", "Status"]
    assert SENTINEL not in export(nora, cols=columns).html


def test_an_address_that_stands_for_having_none_never_leaves(site, nora):
    write(site, update(User).where(User.id == ADA).values(email_deliverable=False))

    for written_as in ("csv", "jsonl"):
        assert "ada@north.example" not in export(nora, written_as, search="ada").html


def test_a_role_of_a_place_that_is_not_in_sight_is_not_told(site, nora):
    site.world.grant(ADA, SUPPORT, 7)

    [ada] = table(export(nora, search="ada@north.example"))
    assert ada["Role"] == "Platform Administrator"


def test_roles_are_told_once_each_and_without_those_that_have_ended(site, nora):
    site.world.grant(ADA, PLATFORM_ADMINISTRATOR, 4)
    site.world.grant(ADA, SUPPORT, NORTH)
    site.world.grant(ADA, "gone", NORTH)
    site.world.grant(ADA, "service_provider.platform_user", NORTH, expires_at=site.world.now - timedelta(days=1))

    [ada] = table(export(nora, search="ada@north.example"))
    assert ada["Role"].split(", ") == sorted(["Platform Administrator", "gone", next(iter(label for label in [ada["Role"].split(", ")[1]]))])


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


def test_looking_exports_nothing(nora):
    assert nora.ask("GET", "/users/export/").status in (404, 405)


@pytest.mark.parametrize("values", [{"search": "%00\x00", "status": "x"}, {"sort": "\x00"}, {"home": "999999999999999999999"}, {"format": "csv\x00"}])
def test_crafted_forms_are_answered(nora, values):
    assert export(nora, **{"written_as" if name == "format" else name: value for name, value in values.items()}).status in (200, 303)


def test_many_are_exported_as_a_job_and_downloaded_by_whoever_gave_it_in(site, many):
    job = given_in(many, sort="-id")
    page = many.get(f"/jobs/show/?id={job}")
    assert page.heading == "Export 7 users as CSV"
    assert "Download" not in page.links()
    assert site.panel.worker().look()

    page = many.get(f"/jobs/show/?id={job}")
    assert the_job(site).state is JobState.DONE
    assert "7 users written" in page.text
    answer = many.get(page.link("Download"))
    assert answer.headers["Content-Length"] == str(len(answer.response.data))
    assert answer.response.data == export(site.visitor("nora"), sort="-id").response.data

    for name in ("boss", "sam"):
        other = site.visitor(name)
        assert (other.ask("GET", f"/jobs/file/?id={job}").status, other.ask("GET", f"/jobs/file/?id={job}").codes) == (410, ["export.gone"])
    assert "Download" not in site.visitor("boss").get(f"/jobs/show/?id={job}").links()


@pytest.mark.parametrize("written_as", ["xlsx", "jsonl"])
def test_a_job_makes_the_other_formats_too(site, many, written_as):
    job = given_in(many, written_as)
    assert site.panel.worker().look()
    data = many.ask("GET", f"/jobs/file/?id={job}").response.data

    if written_as == "xlsx":
        assert len(cells(data)) == 8
        assert list(site.panel.settings.export_folder.iterdir()) == []
    else:
        assert data == export(site.visitor("nora"), written_as).response.data


def test_the_trail_of_a_job_says_how_many_and_it_cannot_be_undone(site, many):
    job = given_in(many)
    assert site.panel.worker().look()
    site.world.session.rollback()
    event = site.world.session.scalars(select(AuditEvent).where(AuditEvent.event == "users.exported")).one()

    assert event.after["users"] == 7
    assert event.change_set_id == the_job(site).change_set_id
    page = many.get(f"/jobs/show/?id={job}")
    assert "Undo it" not in page.links()
    assert "undo.impossible" in many.get(f"/jobs/undo/?change_set={event.change_set_id}").html


def test_who_lost_the_right_before_it_ran_exports_nothing(site, many):
    given_in(many)
    write(site, update(Grant).where(Grant.user_id == 12).values(expires_at=site.world.now - timedelta(days=1)))
    assert site.panel.worker().look()

    assert (the_job(site).state, the_job(site).refusal) == (JobState.STOPPED, "access.denied")
    assert site.everything()["export_part"] == site.everything()["export_file"] == 0


def test_who_lost_the_right_afterwards_cannot_download(site, many):
    job = given_in(many)
    assert site.panel.worker().look()
    site.world.grant(12, PLATFORM_ADMINISTRATOR, AMBER)
    write(site, update(Grant).where(Grant.user_id == 12, Grant.unit_id == NORTH, Grant.role_key != "member").values(role_key="member_"))

    answer = many.ask("GET", f"/jobs/file/?id={job}")
    assert (answer.status, answer.codes) == (410, ["export.gone"])
    assert "Download" not in many.get(f"/jobs/show/?id={job}").links()


def test_files_are_removed_after_some_days(site, many):
    job = given_in(many)
    assert site.panel.worker().look()
    kept = site.panel.settings.export.keep_days

    assert sweep(site.world.session, site.panel.settings, site.panel.clock.now() + timedelta(days=kept, minutes=-1)) == 0
    assert many.ask("GET", f"/jobs/file/?id={job}").status == 200
    assert sweep(site.world.session, site.panel.settings, site.panel.clock.now() + timedelta(days=kept, minutes=1)) == 1
    assert many.ask("GET", f"/jobs/file/?id={job}").status == 410
    assert site.world.session.scalar(select(func.count()).select_from(ExportPart)) == 0
    assert site.world.session.scalar(select(func.count()).select_from(ExportFile)) == 0


def test_a_cancelled_export_leaves_nothing(site, many):
    job = given_in(many)
    assert "It is being cancelled" in many.post("/jobs/cancel/", {"csrf_token": many.token(), "id": str(job)}).text
    assert not site.panel.worker().look()

    assert many.ask("GET", f"/jobs/file/?id={job}").status == 410
    assert site.everything()["export_part"] == 0
