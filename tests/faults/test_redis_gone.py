"""Redis is gone from the beginning to the end: nobody is told, and everybody finds out."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DISABLE
from bo_panel.testing import Store
from tests.faults.checking import assert_sound
from tests.faults.conftest import staged
from tests.faults.figures import Figures
from tests.faults.stage import Form, Stage


@pytest.fixture
def stage(store: Store, tmp_path: Path, form: Form) -> Iterator[Stage]:
    """A deployment whose Redis is not there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"redis://127.0.0.1:{free.getsockname()[1]}/0"
    yield from staged(store, tmp_path, form, REDIS_URL=nowhere)


def test_a_job_is_done_without_redis(stage: Stage) -> None:
    crowd = stage.crowd()
    figures = Figures("Redis gone for the whole length", stage)
    job_id = stage.submit(crowd, DISABLE)
    stage.work(2)
    stage.over(job_id)

    assert all(worker.poll() is None for worker in stage.workers.values()), "a worker ended because Redis was gone"
    with stage.world() as world:
        (account,) = assert_sound(world.session, crowd, job_id)
        assert account.job.state is JobState.DONE
        assert set(account.changed) == crowd.to_change()
        figures.note("Redis never answered", account)
