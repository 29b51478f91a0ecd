"""One command on SQLite: the web processes do the jobs too, each job in one of them, and give them back when they are stopped."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bo_panel.domain.jobs import JobState
from bo_panel.models import AuditEvent
from tests.scale_out.processes import Running, wait_for
from tests.scale_out.stage import MANY, Site, environment, give_in, over, served, signed_in

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scale_out")]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    environ = environment(f"bo_small_{uuid.uuid4().hex[:10]}", DATABASE_URL=f"sqlite:///{tmp_path}/panel.db")
    line = "bo db upgrade && (bo serve --workers 2 & wait)"
    with served(line, environ, tmp_path / "log", lambda running: len(running.web()) == 2) as found:
        yield found


def test_two_web_processes_share_the_jobs_and_give_back_what_they_cannot_finish(site: Site) -> None:
    nora = signed_in(site)
    jobs = give_in(nora, "disable", "alder", "birch")
    assert wait_for(over(site, *jobs), 90)
    told = [site.job(job_id) for job_id in jobs]
    assert [(job.state, job.changed) for job in told] == [(JobState.DONE, MANY)] * 2
    assert {int(str(job.holder).rpartition(":")[2]) for job in told} <= site.running.web()

    [job_id] = give_in(nora, "enable", "alder")
    assert wait_for(lambda: site.job(job_id).changed > 0)
    assert site.running.end()

    left = site.job(job_id)
    assert (left.state, left.lease_until) == (JobState.WAITING, None)
    assert 0 < left.changed < MANY
    again = Running.started("bo worker --once", site.environ, site.running.log.with_name("once"))
    assert again.shell.wait(90) == 0
    done = site.job(job_id)
    assert (done.state, done.changed) == (JobState.DONE, MANY)
    assert site.value(select(func.count()).where(AuditEvent.change_set_id == done.change_set_id)) == MANY
