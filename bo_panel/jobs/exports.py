"""Exports in the background: written anew from the beginning by whoever takes the job up, and there to be had only when they are whole.

The file lies in the database in compressed parts, so that every web process can hand it out (docs/decisions/0014).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bo_panel.domain.actors import Actor
from bo_panel.domain.jobs import UNFINISHED, JobState
from bo_panel.domain.tabular import Format
from bo_panel.jobs.export_orders import check_few, export_of
from bo_panel.jobs.exported_file import PATIENCE, ExportedFile, forget
from bo_panel.jobs.ledger import JobLedger
from bo_panel.models import ExportFile, ExportPart, Job
from bo_panel.services.engine import Engine, written
from bo_panel.services.engine.context import reloaded
from bo_panel.services.transfer import Exporter
from bo_panel.services.transfer.workbook import tidy
from bo_panel.settings import Settings


@dataclass(frozen=True, slots=True)
class Exports:
    """Does the jobs that export."""

    engine: Engine
    exporter: Exporter

    def admit(self, session: Session, actor: Actor) -> None:
        """Raise when somebody has several exports under way already."""
        check_few(session, actor)

    def run(self, session: Session, actor: Actor, taken: tuple[Job, JobLedger], go_on: Callable[[], bool]) -> bool:
        """Write the file of a job; return False when it was to stop before the end, and nothing of it counts then."""
        job, ledger = taken
        sweep(session, self.exporter.settings, self.engine.clock.now())
        fresh = reloaded(actor, session, self.engine.host.registry, self.engine.clock.now(), lock=False)
        export = export_of(session, job, self.exporter.host.registry, fresh.access)
        if export.sheet.format is Format.XLSX:
            ledger = replace(ledger, lease=max(ledger.lease, PATIENCE))
        return ExportedFile(self.engine, self.exporter, session, ledger, export, job.expected).write(fresh, go_on)


def sweep(session: Session, settings: Settings, now: datetime) -> int:
    """Remove the files that were kept long enough, and what exports that came to nothing left; return how many files were removed."""
    tidy(settings.export_folder)
    return written(session, partial(_sweep, session, now - timedelta(days=settings.export.keep_days)))


def _sweep(session: Session, before: datetime) -> int:
    old = list(session.scalars(select(ExportFile.job_id).where(ExportFile.made_at < before)))
    dead = and_(Job.state.not_in(UNFINISHED), Job.state != JobState.DONE)
    left = select(ExportPart.job_id).join(Job, Job.id == ExportPart.job_id).where(or_(dead, ExportPart.job_id.in_(old)))
    for job_id in {*old, *session.scalars(left.distinct())}:
        forget(session, job_id)
    return len(old)
