"""Exports of many: a job, its page, and the file that only whoever gave it in can have."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bo_panel.domain.jobs import JobState
from bo_panel.jobs.exports import sweep
from bo_panel.models import AuditEvent, ExportFile, ExportPart, Grant, Job
from bo_panel.services.changes.units import MoveUnit
from bo_panel.settings.sections import Export
from tests.browsing import Visitor
from tests.site import ADMINISTRATOR, AMBER, NORA, NORTH, PLATFORM_ADMINISTRATOR, SOUTH, Site
from tests.web.test_exports import cells, export, write


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


def test_many_are_exported_as_a_job_and_downloaded_by_whoever_gave_it_in(site, many):
    job = given_in(many, sort="-id")
    page = many.get(f"/jobs/show/?id={job}")
    assert page.heading == "Export 6 users as CSV"
    assert "Download" not in page.links()
    assert site.panel.worker().look()

    page = many.get(f"/jobs/show/?id={job}")
    assert the_job(site).state is JobState.DONE
    assert "6 users written" in page.text
    answer = many.get(page.link("Download"))
    assert answer.headers["Content-Length"] == str(len(answer.response.data))
    assert answer.response.data == export(site.visitor("nora"), sort="-id").response.data

    for name in ("boss", "sam"):
        other = site.visitor(name)
        assert (other.ask("GET", f"/jobs/file/?id={job}").status, other.ask("GET", f"/jobs/file/?id={job}").codes) == (404, ["export.gone"])
    assert "Download" not in site.visitor("boss").get(f"/jobs/show/?id={job}").links()


@pytest.mark.parametrize("written_as", ["xlsx", "jsonl"])
def test_a_job_makes_the_other_formats_too(site, many, written_as):
    job = given_in(many, written_as)
    assert site.panel.worker().look()
    data = many.ask("GET", f"/jobs/file/?id={job}").response.data

    if written_as == "xlsx":
        assert len(cells(data)) == 7
    else:
        assert data == export(site.visitor("nora"), written_as).response.data


def test_the_trail_of_a_job_says_how_many_and_it_cannot_be_undone(site, many):
    job = given_in(many)
    assert site.panel.worker().look()
    site.world.session.rollback()
    event = site.world.session.scalars(select(AuditEvent).where(AuditEvent.event == "users.exported")).one()

    assert event.after["users"] == 6
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
    assert (answer.status, answer.codes) == (404, ["export.gone"])
    assert "Download" not in many.get(f"/jobs/show/?id={job}").links()


def test_files_are_removed_after_some_days(site, many):
    job = given_in(many)
    assert site.panel.worker().look()
    kept = site.panel.settings.export.keep_days

    assert sweep(site.world.session, site.panel.settings, site.panel.clock.now() + timedelta(days=kept, minutes=-1)) == 0
    assert many.ask("GET", f"/jobs/file/?id={job}").status == 200
    assert sweep(site.world.session, site.panel.settings, site.panel.clock.now() + timedelta(days=kept, minutes=1)) == 1
    assert many.ask("GET", f"/jobs/file/?id={job}").status == 404
    assert site.world.session.scalar(select(func.count()).select_from(ExportPart)) == 0
    assert site.world.session.scalar(select(func.count()).select_from(ExportFile)) == 0


def test_a_cancelled_export_leaves_nothing(site, many):
    job = given_in(many)
    assert "It is being cancelled" in many.post("/jobs/cancel/", {"csrf_token": many.token(), "id": str(job)}).text
    assert not site.panel.worker().look()

    assert many.ask("GET", f"/jobs/file/?id={job}").status == 404
    assert site.everything()["export_part"] == 0


def test_nobody_keeps_the_workers_busy_with_exports(site, many):
    for _time in range(3):
        given_in(many)
    refused = many.post("/users/export/", {"csrf_token": many.token(), "format": "csv"})
    assert any("export.too_many" in message for message in refused.messages)
    many.post("/jobs/cancel/", {"csrf_token": many.token(), "id": str(the_job(site).id)})
    assert given_in(many)


def test_a_place_that_was_moved_meanwhile_is_found_where_it_is(site, many):
    job = given_in(many, home=str(AMBER))
    site.world.single(MoveUnit(unit_id=AMBER, parent_id=SOUTH))
    site.world.grant(NORA, ADMINISTRATOR, SOUTH)
    assert site.panel.worker().look()
    assert the_job(site).selected > 0 and the_job(site).id == job
