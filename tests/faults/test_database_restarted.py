"""PostgreSQL stops at once in the middle of a job, is away, and comes back."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bo_panel.bootstrap.migrations import upgrade
from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DISABLE
from tests.faults.checking import assert_sound
from tests.faults.figures import Figures
from tests.faults.servers import Server, server
from tests.faults.stage import Form, Stage

AWAY = 2.0
"""How many seconds it is away."""


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A PostgreSQL that nobody else uses."""
    with server() as found:
        yield found


@pytest.fixture
def stage(own_server: Server, tmp_path: Path, form: Form) -> Iterator[Stage]:
    """A deployment on a PostgreSQL of its own."""
    found = Stage(tmp_path / "deployment", form, {"DATABASE_URL": own_server.url})
    upgrade(found.panel)
    yield found
    found.close()


def test_a_job_outlives_a_restart_of_the_database(stage: Stage, own_server: Server) -> None:
    crowd = stage.crowd()
    job_id = stage.submit(crowd, DISABLE)
    figures = Figures("PostgreSQL stopped at once and restarted", stage)
    stage.work(2)
    stage.until(job_id, lambda job: job.selected >= stage.form.users // 4)

    own_server.stop()
    time.sleep(AWAY)
    own_server.start()

    found = stage.until(job_id, lambda job: True)
    assert found.selected < found.expected, "the job was over before the database stopped"
    stage.over(job_id)
    assert all(worker.poll() is None for worker in stage.workers.values()), "a worker ended because the database was away"
    with stage.world() as world:
        (account,) = assert_sound(world.session, crowd, job_id)
        assert account.job.state is JobState.DONE
        assert set(account.changed) == crowd.to_change()
        figures.note(f"away for {AWAY:.0f} s with {found.selected:,} of {found.expected:,} done", account)
