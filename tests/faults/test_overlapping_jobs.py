"""Two jobs about the same people at the same time: each does its own, one after the other for every single user."""

import pytest

from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DELETE, DISABLE, Move, Status
from tests.faults.checking import assert_sound, with_status
from tests.faults.figures import Figures
from tests.faults.stage import FULL, Stage


@pytest.mark.parametrize("moves", [(DISABLE, DISABLE), (DISABLE, DELETE)], ids=lambda moves: "+".join(move.key for move in moves))
def test_two_jobs_about_the_same_people_do_each_its_own(stage: Stage, moves: tuple[Move, Move]) -> None:
    crowd = stage.crowd()
    stage.work(2)
    stage.ready()
    first, second = (stage.submit(crowd, move, counted=move is moves[1] is DISABLE) for move in moves)
    figures = Figures(f"two at once: {moves[0].key}, {moves[1].key}", stage)
    stage.over(first, second)

    with stage.world() as world:
        accounts = assert_sound(world.session, crowd, first, second)
        jobs = [account.job for account in accounts]
        assert [job.state for job in jobs] == [JobState.DONE] * 2
        if stage.form is FULL:  # the short ones are over before the other worker is surely awake
            assert max(job.started_at for job in jobs) < min(job.finished_at for job in jobs), "they did not run at the same time"
            assert jobs[0].holder != jobs[1].holder
        changed = [set(account.changed) for account in accounts]
        if moves[1] is DISABLE:
            assert not changed[0] & changed[1]
            assert changed[0] | changed[1] == crowd.to_change()
        else:
            assert changed[0] <= crowd.to_change()
            assert changed[1] == set(crowd.began) - crowd.kept
            assert with_status(world.session, crowd, Status.DELETED) == changed[1]
        assert all(account.refused <= crowd.kept for account in accounts)
        figures.note(f"{len(changed[0] & changed[1]):,} changed by both", *accounts)
