"""Jobs: those that somebody may see, one of them, and whom a run left alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from bo_panel.domain.jobs import UNFINISHED
from bo_panel.domain.pages import Order, Step
from bo_panel.models import Job, RefusedRow, Undo
from bo_panel.queries.page import Keyset, Page, capped_count, page_of

IN_TRAY = 5
STAYS = timedelta(minutes=10)
"""How long a job that has ended stays in the tray."""


@dataclass(frozen=True, slots=True)
class Seer:
    """Who looks: at his own jobs, or, where he may read the whole audit log, at everybody's."""

    user_id: int
    everything: bool

    def condition(self) -> ColumnElement[bool]:
        """Return the condition on `job`."""
        return true() if self.everything else Job.actor_id == self.user_id


def jobs_page(session: Session, seer: Seer, step: Step, size: int) -> Page[Any]:
    """Return one page of jobs, newest first; one statement."""
    keyset = Keyset(Job.id, Job.id, Order("id", descending=True), step)
    total = capped_count(select(Job.id).where(seer.condition()))
    rows = select(*Job.__table__.c, Job.id.label("sort_value"), total.label("total")).where(*keyset.start(), seer.condition())
    found = session.execute(rows.order_by(*keyset.sorting(Job.id, Job.id)).limit(size + 1)).all()
    return page_of(found, keyset, size, found[0].total if found else 0)


def job_seen(session: Session, seer: Seer, job_id: int) -> Any | None:
    """Return a job, with the run that took it back (`undone_by`), or None; one statement."""
    undone = select(func.max(Undo.change_set_id)).where(Undo.undoes_id == Job.change_set_id).scalar_subquery()
    return session.execute(select(*Job.__table__.c, undone.label("undone_by")).where(Job.id == job_id, seer.condition())).one_or_none()


def in_tray(session: Session, user_id: int, now: datetime) -> Sequence[Any]:
    """Return the jobs that somebody gave in and that go on, or ended a moment ago, newest first; one statement."""
    shown = or_(Job.state.in_(UNFINISHED), Job.finished_at > now - STAYS)
    mine = select(*Job.__table__.c).where(Job.actor_id == user_id, shown)
    return session.execute(mine.order_by(Job.id.desc()).limit(IN_TRAY)).all()


def refusals_by_code(session: Session, change_set_id: int) -> Sequence[Any]:
    """Return how many a run refused by each `code`, with a plugin's words where there are some; one statement."""
    rows = select(RefusedRow.code, func.max(RefusedRow.reason).label("reason"), func.count().label("users"))
    rows = rows.where(RefusedRow.change_set_id == change_set_id).group_by(RefusedRow.code)
    return session.execute(rows.order_by(func.count().desc(), RefusedRow.code)).all()
