"""Acting on everybody who matches: looked at first, done at once or as a job, watched, cancelled, undone."""

import csv
import io

import pytest
from sqlalchemy import select

from bo_panel.domain.access import OWNER
from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DISABLE, ENABLE, Status
from bo_panel.models import ChangeSet, Job, User
from bo_panel.services.changes import MoveUsers
from bo_panel.settings.sections import Jobs
from tests.browsing import PASSWORD, Page, Visitor
from tests.site import AMBER, NORTH, PLATFORM_USER, ROOT_ID, SOUTH, Site

MANY = 12


@pytest.fixture
def leavers(site: Site) -> list[int]:
    return [site.world.user(f"leaver.{number:02}", home=NORTH, first_name="Le", last_name=f"Aver {number}") for number in range(MANY)]


@pytest.fixture
def small(site: Site) -> Visitor:
    """Nora in a panel in which more than three are many."""
    visitor = Visitor(site.beside(jobs=Jobs(above=3)))
    visitor.sign_in("nora")
    return visitor


def look(visitor: Visitor, query: str = "search=leaver", action: str = "disable") -> Page:
    return visitor.ask("GET", f"/users/all/?{query}&action={action}")


def confirm(visitor: Visitor, page: Page, **changes: str) -> Page:
    return visitor.submit(page, "/users/all/run/", **changes)


def statuses(site: Site, ids: list[int]) -> set[Status]:
    site.world.session.rollback()
    return set(site.world.session.scalars(select(User.status).where(User.id.in_(ids))))


def the_job(site: Site) -> Job:
    site.world.session.rollback()
    return site.world.session.scalars(select(Job).order_by(Job.id.desc()).execution_options(populate_existing=True)).first()


def test_the_list_leads_to_everybody_who_matches(site, nora, leavers):
    page = nora.ask("GET", "/users/?search=leaver&size=25")
    assert "Select all" not in page.text  # all of them are on this page

    few = site.beside(users=site.panel.settings.users.model_copy(update={"page_sizes": (5,), "page_size": 5}))
    visitor = Visitor(few)
    visitor.sign_in("nora")
    page = visitor.ask("GET", "/users/?search=leaver")
    chosen = visitor.ask("GET", page.link(f"Select all {MANY} matching"))
    assert chosen.heading == f"{MANY} users match"
    assert visitor.ask("GET", chosen.link("Disable Back-Office User")).heading == f"Disable {MANY} users?"


def test_it_is_looked_at_first_and_nothing_is_written(site, nora, leavers):
    before = site.everything()
    page = look(nora)
    numbers = [node.text for node in page.tree.all("strong") if node.text.isdigit()]
    assert numbers[:3] == [str(MANY), "0", "0"]
    everybody = look(nora, "")
    assert "user.own_account" in everybody.text
    assert site.everything() == before


def test_it_is_done_to_all_of_them_and_can_be_taken_back_from_the_message(site, nora, leavers):
    done = confirm(nora, look(nora))
    assert done.path == "/users/"
    assert f"{MANY} users disabled." in done.messages
    assert statuses(site, leavers) == {Status.DISABLED}

    undone = nora.submit(done, "/jobs/undo/")

    assert f"{MANY} users are as before again." in undone.messages
    assert statuses(site, leavers) == {Status.ACTIVE}


def test_a_list_that_changed_meanwhile_stops_it_and_says_what_differs(site, nora, leavers):
    page = look(nora)
    nora.post("/users/action/", {"csrf_token": nora.token(), "ids": str(leavers[0]), "action": "delete", "confirmed": "1"})

    answer = confirm(nora, page)

    (told,) = [toast for toast in answer.messages if "12 matched when you looked, and 11 match now" in toast]
    assert "Changed since, and no longer match: Le Aver 0." in told
    assert Status.DISABLED not in statuses(site, leavers)


def test_another_set_of_the_same_size_stops_it_too(site, nora, leavers):
    site.world.run(MoveUsers(move=DISABLE), leavers[5])
    page = look(nora, "search=leaver&status=active")
    site.world.run(MoveUsers(move=ENABLE), leavers[5])
    site.world.run(MoveUsers(move=DISABLE), leavers[0], leavers[1])
    site.world.run(MoveUsers(move=ENABLE), leavers[1])

    (told,) = [toast for toast in confirm(nora, page).messages if "11 matched when you looked, and 11 match now" in toast]

    assert "no longer match: Le Aver 0." in told
    assert "match as they are now: Le Aver 1, Le Aver 5." in told
    assert statuses(site, leavers[1:]) == {Status.ACTIVE}


def test_who_may_not_be_changed_is_refused_one_by_one_and_the_rest_goes_on(site, boss, nora, leavers):
    site.world.user("leaver.owner", (OWNER, NORTH), home=NORTH)
    site.world.user("leaver.guest", (PLATFORM_USER, AMBER), home=SOUTH)
    site.world.user("leaver.root", (OWNER, 1), home=NORTH)
    expected = {"user.superior": 2, "user.not_at_home": 1}

    page = look(nora)
    for code in expected:
        assert code in page.text
    done = confirm(nora, page)
    assert f"{MANY} users disabled." in done.messages
    assert any("3 were left alone." in message for message in done.messages)
    assert statuses(site, leavers) == {Status.DISABLED}

    page = look(boss, "search=leaver.owner")
    assert "unit.last_owner" in page.text
    assert "disabled" in page.tree.first("button", class_="danger-fill")
    own = look(boss, "search=sterling")
    assert "user.own_account" in own.text


def test_undoing_twice_and_undoing_an_undo_and_undoing_without_the_right(site, nora, leavers):
    done = confirm(nora, look(nora))
    first = site.world.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first()
    form = {"csrf_token": nora.token(), "change_set": str(first)}
    other = site.visitor("sam")
    assert any("access.denied" in message for message in other.post("/jobs/undo/", {**form, "csrf_token": other.token()}).messages)
    stranger = site.visitor("sven")
    assert stranger.post("/jobs/undo/", {**form, "csrf_token": stranger.token()}).status == 404
    assert f"{MANY} users are as before again." in nora.submit(done, "/jobs/undo/").messages
    (again,) = [message for message in nora.post("/jobs/undo/", form).messages if "undo.already" in message]
    site.world.session.rollback()
    second = site.world.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first()
    assert f"by nora in change {second}" in again
    undone = nora.post("/jobs/undo/", {**form, "change_set": str(second)})
    assert f"{MANY} users are as before again." in undone.messages
    assert statuses(site, leavers) == {Status.DISABLED}


def test_many_go_on_in_the_background_and_can_be_watched_and_taken_back(site, small, leavers):
    page = confirm(small, look(small))
    assert page.path == "/jobs/show/"
    assert "Waiting" in page.text
    assert small.ask("GET", "/jobs/tray/").json["jobs"][0]["title"] == f"Disable {MANY} users"
    assert statuses(site, leavers) == {Status.ACTIVE}

    assert site.panel.worker().look()

    first = the_job(site).id
    page = small.ask("GET", f"/jobs/show/?id={first}")
    assert "Done" in page.text
    assert f"{MANY} changed" in page.text
    (ended,) = small.ask("GET", "/jobs/tray/").json["jobs"]
    assert (ended["going"], ended["line"]) == (False, f"Done · {MANY} changed")
    assert statuses(site, leavers) == {Status.DISABLED}
    looked = small.ask("GET", page.link("Undo it"))
    small.submit(looked, "/jobs/undo/")
    assert site.panel.worker().look()
    assert statuses(site, leavers) == {Status.ACTIVE}
    assert "undone, at least in part" in small.ask("GET", f"/jobs/show/?id={first}").text


def test_cancelling_twice_and_what_is_over(site, small, leavers):
    confirm(small, look(small))
    job = the_job(site).id
    form = {"csrf_token": small.token(), "id": str(job)}
    assert "It is being cancelled" in small.post("/jobs/cancel/", form).text
    assert "job.over" in small.post("/jobs/cancel/", form).text
    assert the_job(site).state is JobState.CANCELLED
    assert statuses(site, leavers) == {Status.ACTIVE}
    log = site.visitor("boss").ask("GET", "/audit/?event=jobs.cancelled").text
    assert "Nora" in log or "nora" in log
    assert log.count("Cancelled a job") > 1  # beside the filter
    (change,) = site.world.session.scalars(select(ChangeSet.id))
    page = small.ask("GET", f"/changes/?id={change}").text
    assert "Cancelled a job" in page
    assert "Give the job in again." in page


def test_nobody_sees_or_cancels_the_job_of_another(site, small, leavers):
    confirm(small, look(small))
    job = the_job(site).id
    other = site.visitor("sam")
    for answer in (
        other.ask("GET", f"/jobs/show/?id={job}"),
        other.ask("GET", f"/jobs/refused/?id={job}"),
        other.post("/jobs/cancel/", {"csrf_token": other.token(), "id": str(job)}),
        other.ask("GET", "/jobs/undo/?change_set=1"),
    ):
        assert answer.status == 404
    assert other.ask("GET", "/jobs/tray/").json["jobs"] == []
    assert f"Disable {MANY} users" not in other.ask("GET", "/jobs/").links()
    assert f"Disable {MANY} users" in site.visitor("boss").ask("GET", "/jobs/").links()


def test_who_may_only_look_at_everything_cancels_nothing(site, small, leavers):
    confirm(small, look(small))
    job = the_job(site).id
    site.world.user("auditor", (site.world.role("auditing", {"audit": "view"}), ROOT_ID), password=PASSWORD)
    auditor = site.visitor("auditor")
    assert auditor.get(f"/jobs/show/?id={job}").status == 200
    assert auditor.post("/jobs/cancel/", {"csrf_token": auditor.token(), "id": str(job)}).status == 403
    assert not the_job(site).cancel_asked
    boss = site.visitor("boss")
    assert "It is being cancelled" in boss.post("/jobs/cancel/", {"csrf_token": boss.token(), "id": str(job)}).text


def test_counts_and_reasons_that_no_table_takes_are_cut(site, small, leavers):
    confirm(small, look(small), expected=str(10**17 - 1), reason="They\x00 left")
    assert (the_job(site).expected, the_job(site).reason) == (2**31 - 1, "They left")


def test_who_is_left_alone_can_be_downloaded_before_and_after(site, small, leavers):
    page = look(small, "")
    rows = list(csv.reader(io.StringIO(small.ask("GET", page.link("Download the list")).html.lstrip("\ufeff"))))
    assert rows[0][:2] == ["ID", "User name"]
    assert "nora" in {row[1] for row in rows[1:]}
    confirm(small, page)
    assert site.panel.worker().look()
    answer = small.ask("GET", f"/jobs/refused/?id={the_job(site).id}")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "user.own_account" in answer.html


CRAFTED = (
    "/users/all/?action=x",
    "/users/all/?action=disable&search=%00",
    "/users/all/refused/?action=",
    "/jobs/?after=zzz",
    "/jobs/show/?id=10000000000000000000000",
    "/jobs/undo/?change_set=-1",
    "/jobs/undo/?change_set=99999",
    "/jobs/refused/",
)


@pytest.mark.parametrize("address", CRAFTED)
def test_crafted_addresses_are_answered(nora, leavers, address):
    assert nora.ask("GET", address).status in (200, 404)


@pytest.mark.parametrize("changes", [{"expected": "-1"}, {"high_water": "1e9"}, {"expected": ""}, {"action": "explode"}, {"expected": "99"}])
def test_forged_counts_change_nobody(site, nora, leavers, changes):
    assert confirm(nora, look(nora), **changes).status in (200, 404)
    assert statuses(site, leavers) == {Status.ACTIVE}
