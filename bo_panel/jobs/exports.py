"""Exports in the background: written anew from the beginning by whoever takes the job up, and there to be had only when they are whole.

The file lies in the database in compressed parts, so that every web process can hand it out (docs/decisions/0009).
"""

import shutil
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import and_, delete, insert, or_, select
from sqlalchemy.orm import Session

from bo_panel.domain.actors import Actor
from bo_panel.domain.errors import Refusal
from bo_panel.domain.jobs import UNFINISHED, JobState
from bo_panel.jobs.ledger import Cancelled, JobLedger
from bo_panel.jobs.tasks import ExportThem, task_of, wanted_of
from bo_panel.models import ExportFile, ExportPart, Job
from bo_panel.queries.visible import Scope
from bo_panel.services.changes import ExportUsers
from bo_panel.services.engine import Context, Engine, written
from bo_panel.services.engine.chunk import Tally
from bo_panel.services.engine.context import reloaded
from bo_panel.services.transfer import Export, Exporter, Piece
from bo_panel.services.transfer.workbook import UNFINISHED as LEFT
from bo_panel.settings import Settings

PART = 2**20
USERS_AT_ONCE = 10_000
LEVEL = 1
"""How hard a part is compressed; more takes several times as long for little."""
A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Exports:
    """Does the jobs that export."""

    engine: Engine
    exporter: Exporter
    settings: Settings

    def run(self, session: Session, actor: Actor, taken: tuple[Job, JobLedger], go_on: Callable[[], bool]) -> bool:
        """Write the file of a job; return False when it was to stop before the end, and nothing of it counts then."""
        job, ledger = taken
        sweep(session, self.settings, self.engine.clock.now())
        fresh = reloaded(actor, session, self.engine.host.registry, self.engine.clock.now(), lock=False)
        export = _export_of(job, Scope(fresh.access.reach(*ExportUsers.requires)))
        try:
            return _File(self, session, ledger, export).write(fresh, go_on)
        except (Cancelled, Refusal):
            written(session, partial(_forget, session, job.id))
            raise


@dataclass(slots=True)
class _File:
    """One file while it is written."""

    exports: Exports
    session: Session
    ledger: JobLedger
    export: Export
    parts: int = 0
    size: int = 0
    users: int = 0

    def write(self, actor: Actor, go_on: Callable[[], bool]) -> bool:
        """Write all of it, unless it is to stop; the last transaction puts it on the trail and ends the job."""
        written(self.session, self._begin)
        with self.exports.exporter.reading(self.export) as reading:
            for piece in larger(reading.pieces()):
                if not go_on():
                    return False
                written(self.session, partial(self._keep, piece))
                self._count(piece)
        done = ExportUsers(export=self.export, users=self.users, along=self._end)
        self.exports.engine.run_single(self.session, actor, done)
        return True

    def _begin(self) -> None:
        """Throw away what an earlier attempt left."""
        self.ledger.opened(self.session)
        _forget(self.session, self.ledger.job_id)
        self.ledger.anew(self.session)

    def _keep(self, piece: Piece) -> None:
        self.ledger.opened(self.session)
        if piece.data:
            values = {"job_id": self.ledger.job_id, "number": self.parts, "data": zlib.compress(piece.data, LEVEL)}
            self.session.execute(insert(ExportPart).values(values))
        self.ledger.noted(self.session, Tally(selected=piece.rows), upto=0)

    def _count(self, piece: Piece) -> None:
        self.parts, self.size, self.users = self.parts + bool(piece.data), self.size + len(piece.data), self.users + piece.rows

    def _end(self, context: Context) -> None:
        """Write down that the file is whole, and that the job has ended."""
        self.ledger.opened(context.session)
        places = [path.text for path in self.export.scope.paths]
        file = {"job_id": self.ledger.job_id, "made_at": context.now, "places": places, "parts": self.parts, "size": self.size}
        context.session.execute(insert(ExportFile).values(file))
        self.ledger.ended(context.session, context.change_set_id)


def larger(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the same file in pieces that are worth a transaction each."""
    held, size, rows = [], 0, 0
    for piece in pieces:
        held.append(piece.data)
        size, rows = size + len(piece.data), rows + piece.rows
        if size >= PART or rows >= USERS_AT_ONCE:
            yield Piece(b"".join(held), rows)
            held, size, rows = [], 0, 0
    if size or rows:
        yield Piece(b"".join(held), rows)


def unpacked(part: bytes) -> bytes:
    """Return the bytes of a part that is kept."""
    return zlib.decompress(part)


def sweep(session: Session, settings: Settings, now: datetime) -> int:
    """Remove the files that were kept long enough, and what exports that came to nothing left; return how many files were removed."""
    _tidy(settings)
    return written(session, partial(_sweep, session, now - timedelta(days=settings.export.keep_days)))


def _sweep(session: Session, before: datetime) -> int:
    old = list(session.scalars(select(ExportFile.job_id).where(ExportFile.made_at < before)))
    dead = and_(Job.state.not_in(UNFINISHED), Job.state != JobState.DONE)
    left = select(ExportPart.job_id).join(Job, Job.id == ExportPart.job_id).where(or_(dead, ExportPart.job_id.in_(old)))
    for job_id in {*old, *session.scalars(left.distinct())}:
        _forget(session, job_id)
    return len(old)


def _forget(session: Session, job_id: int) -> None:
    session.execute(delete(ExportPart).where(ExportPart.job_id == job_id))
    session.execute(delete(ExportFile).where(ExportFile.job_id == job_id))


def _tidy(settings: Settings) -> None:
    """Remove what a workbook left on the disk whose process was killed; none takes a day."""
    for folder in settings.export_folder.glob(f"{LEFT}*"):
        if folder.stat().st_mtime < time.time() - A_DAY:
            shutil.rmtree(folder, ignore_errors=True)


def _export_of(job: Job, scope: Scope) -> Export:
    task = task_of(job.task)
    if not isinstance(task, ExportThem):
        raise TypeError(f"job {job.id} is no export")
    return Export(task.sheet, replace(wanted_of(job.selection["query"]), order=task.order), scope)
