"""Whoever holds the lease hangs in the middle of it: others do the work, and it writes nothing more when it wakes up."""

import signal
import time

from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DISABLE
from tests.faults.checking import assert_sound
from tests.faults.figures import Figures
from tests.faults.stage import Stage


def test_a_job_outlives_a_process_that_hangs(stage: Stage) -> None:
    crowd = stage.crowd()
    job_id = stage.submit(crowd, DISABLE)
    figures = Figures("the holder hangs, and wakes up later", stage)
    stage.work(2)
    job = stage.until(job_id, lambda job: job.selected >= stage.form.users // 4)
    hung = stage.workers[int((job.holder or "").rpartition(":")[2])]
    hung.send_signal(signal.SIGSTOP)
    before = stage.job(job_id)
    assert before.selected < before.expected
    if stage.panel.database.dialect.name == "sqlite":
        figures.fault = "the holder hangs, and is ended"  # its lock on the file is its own as long as it lives
        time.sleep(1)
        hung.kill()
    stage.over(job_id)
    hung.send_signal(signal.SIGCONT)
    time.sleep(1)

    with stage.world() as world:
        (account,) = assert_sound(world.session, crowd, job_id)
        assert account.job.state is JobState.DONE
        assert account.job.fence > before.fence
        assert set(account.changed) == crowd.to_change()
        figures.note(f"hung with {before.selected:,} of {before.expected:,} done", account)
