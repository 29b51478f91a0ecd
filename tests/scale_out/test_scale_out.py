"""PostgreSQL, Redis, two web processes and two workers, started by the line that `docs/operations.md` tells people to type."""

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, func, make_url, select, text
from sqlalchemy.exc import OperationalError

from bo_panel.adapters.queue import trouble_with
from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import Status
from bo_panel.models import AuditEvent, User
from bo_panel.settings.loading import ROOT
from tests.conftest import SERVER, STRICT
from tests.scale_out.processes import Running, wait_for
from tests.scale_out.remote import Remote
from tests.scale_out.stage import MANY, Site, environment, give_in, over, served, signed_in

REDIS = os.environ.get("BO_TEST_REDIS", "redis://127.0.0.1:6379/0")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scale_out")]


def documented() -> str:
    """Return the command line of the documentation."""
    [line] = re.findall(r"^bo db upgrade && .+$", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE)
    return str(line)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """All of it, on a database and with a queue of its own."""
    need_redis()
    name = f"bo_scale_{uuid.uuid4().hex[:10]}"
    with database(name) as url:
        environ = environment(name, DATABASE_URL=url, REDIS_URL=REDIS, BO_JOBS__IN_PROCESS="false")
        log = tmp_path_factory.mktemp("log") / "everything"
        with served(documented(), environ, log, lambda running: len(running.web()) == len(running.workers()) == 2) as found:
            yield found


def need_redis() -> None:
    trouble = trouble_with(REDIS)
    if trouble:
        (pytest.fail if STRICT else pytest.skip)(f"Redis does not answer (BO_TEST_REDIS): {trouble}")


@contextmanager
def database(name: str) -> Iterator[str]:
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    except OperationalError as problem:
        (pytest.fail if STRICT else pytest.skip)(f"PostgreSQL does not answer (BO_TEST_POSTGRES): {str(problem.orig).splitlines()[0]}")
    try:
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        server.dispose()


@pytest.fixture
def nora(site: Site) -> Remote:
    """The administrator, signed in."""
    return signed_in(site)


def test_a_session_holds_in_both_web_processes_and_ends_in_both(site: Site, nora: Remote) -> None:
    first, second = sorted(site.running.web())
    ada = Remote(site.base)
    with site.running.only(first):
        assert ada.sign_in("ada").path != "/sign-in"
    with site.running.only(second):
        assert ada.ask("GET", "/account/").status == 200
        ada_id = site.value(select(User.id).where(User.user_name == "ada"))
        token = nora.token()
        done = nora.post("/users/action/", {"csrf_token": token, "ids": str(ada_id), "action": "disable", "confirmed": "1"})
        assert any("disabled" in message for message in done.messages)
    with site.running.only(first):
        refused = ada.ask("GET", "/account/")
        assert (refused.status, refused.headers["Location"].split("?")[0]) == (303, "/sign-in")


def test_two_jobs_are_done_by_two_workers_and_watched_from_either_web_process(site: Site, nora: Remote) -> None:
    first, second = sorted(site.running.web())
    with site.running.only(first):
        jobs = give_in(nora, "disable", "alder", "birch")
    seen: dict[int, set[int]] = {}
    for web in (second, first):
        with site.running.only(web):
            assert wait_for(lambda: in_tray(nora, seen) or over(site, *jobs)(), 10)
    assert wait_for(over(site, *jobs), 90)

    told = [site.job(job_id) for job_id in jobs]
    assert [(job.state, job.changed) for job in told] == [(JobState.DONE, MANY)] * 2
    assert {int(str(job.holder).rpartition(":")[2]) for job in told} == site.running.workers()
    assert set(seen) == set(jobs)
    assert any(0 < percent < 100 for percents in seen.values() for percent in percents)
    assert site.value(select(func.count()).where(User.status == Status.DISABLED, User.last_name.in_(("Alder", "Birch")))) == 2 * MANY
    assert site.value(select(func.count(func.distinct(AuditEvent.user_id))).where(AuditEvent.change_set_id.in_([job.change_set_id for job in told])))


def in_tray(nora: Remote, seen: dict[int, set[int]]) -> bool:
    """Look into the tray, note how far each job is, and return whether one is on its way."""
    tray = nora.ask("GET", "/jobs/tray/").json["jobs"]
    for job in tray:
        seen.setdefault(job["id"], set()).add(job["percent"])
    return any(0 < job["percent"] < 100 for job in tray)


def test_everything_stops_on_sigterm_and_the_job_is_given_back(site: Site, nora: Remote) -> None:
    [job_id] = give_in(nora, "disable", "cedar")
    assert wait_for(lambda: site.job(job_id).changed > 0), site.running.log.read_text()[-6000:]

    assert site.running.end()

    left = site.job(job_id)
    assert (left.state, left.lease_until) == (JobState.WAITING, None)
    assert 0 < left.changed < MANY
    again = Running.started("bo worker --once", site.environ, site.running.log.with_name("once"))
    assert again.shell.wait(90) == 0
    done = site.job(job_id)
    assert (done.state, done.changed) == (JobState.DONE, MANY)
    assert site.value(select(func.count()).where(AuditEvent.change_set_id == done.change_set_id)) == MANY
