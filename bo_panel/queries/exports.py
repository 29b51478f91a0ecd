"""Files that were exported in the background, and are still kept."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bo_panel.models import ExportFile, ExportPart, Job


def export_file(session: Session, user_id: int, job_id: int) -> Any | None:
    """Return the file of a job, if this person gave the job in and it is kept; one statement."""
    mine = select(*ExportFile.__table__.c, Job.task).join(Job, Job.id == ExportFile.job_id)
    return session.execute(mine.where(ExportFile.job_id == job_id, Job.actor_id == user_id)).one_or_none()


def export_part(session: Session, job_id: int, number: int) -> bytes | None:
    """Return a part of a file as it is stored, or None when it is no longer kept; one statement."""
    return session.scalar(select(ExportPart.data).where(ExportPart.job_id == job_id, ExportPart.number == number))
