"""Whoever gave the job in loses the right half way: not one row more."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DISABLE
from bo_panel.models import AuditEvent
from bo_panel.services.changes import MoveUsers, TakeRole
from bo_panel.services.engine import SetChange, only
from bo_panel.testing import Store, World
from tests.faults.checking import assert_sound
from tests.faults.conftest import staged
from tests.faults.crowd import Crowd
from tests.faults.figures import Figures
from tests.faults.stage import Form, Stage


@pytest.fixture
def stage(store: Store, tmp_path: Path, form: Form) -> Iterator[Stage]:
    """A deployment with chunks so small that there is time to take something away."""
    yield from staged(store, tmp_path, replace(form, chunk=form.chunk // 10))


def changes_of(world: World, crowd: Crowd, after: int = 0) -> int:
    """Return how many rows the boss wrote on the trail, after a certain one."""
    world.session.rollback()
    return world.session.scalar(select(func.count()).where(AuditEvent.actor_id == crowd.boss, AuditEvent.id > after)) or 0


@pytest.mark.parametrize("how", ["demoted", "disabled"])
def test_an_actor_who_loses_the_right_half_way_changes_not_one_row_more(stage: Stage, how: str) -> None:
    crowd = stage.crowd()
    job_id = stage.submit(crowd, DISABLE)
    figures = Figures(f"the actor is {how} half way", stage)
    taken: SetChange = TakeRole(role="grove.admin", unit_ids=frozenset({crowd.area})) if how == "demoted" else MoveUsers(move=DISABLE)
    stage.work(2)
    stage.until(job_id, lambda job: job.selected >= stage.form.users // 8)

    with stage.world() as world:
        result = world.panel.engine.run(world.session, world.console, taken, only(crowd.boss))
        assert result.changed == 1
        then = changes_of(world, crowd)
        mark = world.session.scalar(select(func.max(AuditEvent.id)).where(AuditEvent.change_set_id == result.change_set_id)) or 0
        stage.over(job_id)

        job = stage.job(job_id)
        assert (job.state, job.refusal) == (JobState.STOPPED, "access.denied")
        assert 0 < job.selected < job.expected
        assert changes_of(world, crowd) == then == job.changed
        assert changes_of(world, crowd, after=mark) == 0
        (account,) = assert_sound(world.session, crowd, job_id)
        figures.note(f"{how} after {then:,} changes of {len(crowd.to_change()):,}; 0 rows more", account)
