"""How the background stands: jobs that nobody gets on with, and when a worker was last there."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bo_panel.domain.jobs import JobState
from bo_panel.models import Chore, Job

GRACE = timedelta(minutes=5)
"""For how long a job may wait, or a lease be over, before somebody should look."""
LATELY = timedelta(days=7)


def jobs_standing(session: Session, now: datetime) -> Any:
    """Return how many jobs wait too long (`waiting`, since `since`), belong to a dead worker (`stuck`) or failed lately (`failed`, `newest`)."""
    waits = (Job.state == JobState.WAITING) & (Job.created_at < now - GRACE)
    failed = (Job.state == JobState.FAILED) & (Job.finished_at > now - LATELY)
    stuck = (Job.state == JobState.RUNNING) & (Job.lease_until < now - GRACE)
    columns = (
        func.count().filter(waits).label("waiting"),
        func.min(Job.created_at).filter(waits).label("since"),
        func.count().filter(stuck).label("stuck"),
        func.count().filter(failed).label("failed"),
        func.max(Job.id).filter(failed).label("newest"),
    )
    return session.execute(select(*columns).select_from(Job)).one()


def job_in_hand(session: Session, now: datetime) -> bool:
    """Return whether some worker has a job in hand at this moment; one statement."""
    return session.scalar(select(Job.id).where(Job.state == JobState.RUNNING, Job.lease_until > now).limit(1)) is not None


def done_last(session: Session, chore: str) -> datetime | None:
    """Return when a chore was done last, or None; one statement."""
    return session.scalar(select(Chore.done_at).where(Chore.name == chore))
