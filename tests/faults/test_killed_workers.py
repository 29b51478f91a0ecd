"""Whoever holds the lease is killed, again and again: the work is done once, and all of it."""

from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DISABLE, Status
from tests.faults.checking import assert_sound, with_status
from tests.faults.figures import Figures
from tests.faults.stage import Stage


def test_a_job_outlives_every_process_that_holds_its_lease(stage: Stage) -> None:
    crowd = stage.crowd()
    job_id = stage.submit(crowd, DISABLE)
    figures, hits, kills = Figures("kill −9 of the holder", stage), 0, 0
    stage.work(2)
    share = stage.form.users // (stage.form.kills + 2)

    while hits < stage.form.kills:
        stage.until(job_id, lambda job, enough=share * (hits + 1): job.state is JobState.RUNNING and job.selected >= enough)
        kills += 1
        hits += stage.kill_holder(job_id)
        assert kills <= 3 * stage.form.kills, "hardly any kill hits the holder"
        stage.work(2 - len(stage.workers))
    stage.over(job_id)

    with stage.world() as world:
        (account,) = assert_sound(world.session, crowd, job_id)
        assert account.job.state is JobState.DONE
        assert account.job.fence > hits
        assert set(account.changed) == crowd.to_change()
        assert account.refused == crowd.refused
        assert with_status(world.session, crowd, Status.ACTIVE) == {kept for kept in crowd.kept if crowd.began[kept] is Status.ACTIVE}
        figures.note(f"{hits} kills hit the holder with work left, of {kills}", account)
