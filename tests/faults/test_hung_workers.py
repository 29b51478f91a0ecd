"""Whoever holds the lease hangs in the middle of it, and wakes up when all is over: others did the work, and it writes nothing more."""

import signal
import time

import pytest

from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DISABLE
from tests.faults.checking import assert_sound
from tests.faults.figures import Figures
from tests.faults.stage import Stage


def test_a_job_outlives_a_process_that_hangs(stage: Stage) -> None:
    if stage.panel.database.dialect.name == "sqlite":
        pytest.skip("SQLite's lock is the process's: one that is stopped while it writes has to be ended")
    crowd = stage.crowd()
    job_id = stage.submit(crowd, DISABLE)
    figures = Figures("the holder hangs, and wakes up later", stage)
    stage.work(2)
    job = stage.until(job_id, lambda job: job.selected >= stage.form.users // 4)
    hung = stage.workers[int((job.holder or "").rpartition(":")[2])]
    hung.send_signal(signal.SIGSTOP)
    try:
        before = stage.job(job_id)
        assert before.selected < before.expected
        stage.over(job_id)
    finally:
        hung.send_signal(signal.SIGCONT)
    time.sleep(1)

    assert hung.poll() is None, "what hung ended when it woke up"
    with stage.world() as world:
        (account,) = assert_sound(world.session, crowd, job_id)
        assert account.job.state is JobState.DONE
        assert account.job.fence > before.fence
        assert set(account.changed) == crowd.to_change()
        figures.note(f"hung with {before.selected:,} of {before.expected:,} done", account)
