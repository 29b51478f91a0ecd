"""Cancelling a job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bo_panel.domain.access import Access
from bo_panel.domain.actors import ROOT
from bo_panel.domain.errors import AlreadyCancelled, JobOver, NotAllowed, NotFound
from bo_panel.domain.jobs import JobState
from bo_panel.models import Job, User
from bo_panel.queries.sql import database_time
from bo_panel.services.engine import Context, Needs, SingleChange, Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelJob(SingleChange):
    """Ask for a job to end: one that waits ends at once, one that runs after the users that it has in hand."""

    job_id: int

    key = "jobs.cancel"
    requires = Needs("users", "delete")

    def notice(self) -> Mapping[str, Any]:
        """Return which job."""
        return {"job": self.job_id}

    def run(self, context: Context) -> Sequence[Trail]:
        """Cancel it; the trail tells it where whoever gave the job in is at home."""
        session = context.session
        job = session.get(Job, self.job_id, with_for_update=True, populate_existing=True)
        if job is None:
            raise NotFound
        if not may_cancel(context.actor.user_id, context.actor.access, job.actor_id):
            raise NotAllowed(where="this place")
        if job.state.over:
            raise JobOver
        if job.cancel_asked:
            raise AlreadyCancelled
        job.cancel_asked = True
        if job.state is JobState.WAITING or (job.lease_until and job.lease_until < database_time(session)):
            job.state, job.fence, job.finished_at = JobState.CANCELLED, job.fence + 1, context.now
        session.flush()
        home = session.scalar(select(User.home_id).where(User.id == job.actor_id)) or ROOT.ids[0]
        return [Trail("jobs.cancelled", home, None, {}, {"job": job.id, "given_in_by": job.actor_name})]


def may_cancel(user_id: int | None, access: Access, giver_id: int | None) -> bool:
    """Return whether somebody may cancel a job: his own, or anybody's if he may do anything to users anywhere; to look at one is less."""
    return (user_id is not None and user_id == giver_id) or ROOT in access.reach(*CancelJob.requires)
