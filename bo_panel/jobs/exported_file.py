"""The file of an export in the background: kept in the database in compressed parts, each written under the lease of its job."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from bo_panel.domain.actors import Actor
from bo_panel.jobs.ledger import JobLedger
from bo_panel.models import ExportFile, ExportPart
from bo_panel.services.changes import ExportUsers
from bo_panel.services.engine import Context, Engine, written
from bo_panel.services.engine.chunk import Tally
from bo_panel.services.transfer import Export, Exporter, Piece

PART = 2**20
USERS_AT_ONCE = 10_000
PATIENCE = timedelta(minutes=10)
"""How long a silent worker keeps an export that the database sorts, or that is packed as a workbook."""
LEVEL = 1
"""How hard a part is compressed; more takes several times as long for little."""


@dataclass(slots=True)
class ExportedFile:
    """The file of one job while it is written, under the account that is kept of the job."""

    engine: Engine
    exporter: Exporter
    session: Session
    ledger: JobLedger
    export: Export
    expected: int
    parts: int = 0
    size: int = 0
    users: int = 0

    def write(self, actor: Actor, go_on: Callable[[], bool]) -> bool:
        """Write all of it, unless it is to stop; the last transaction puts it on the trail and ends the job."""
        written(self.session, self._begin)
        with self.exporter.reading(self.export) as reading:
            reading.check()
            for piece in larger(reading.pieces(self.expected)):
                if not go_on():
                    return False
                written(self.session, partial(self._keep, piece))
                self._count(piece)
        done = ExportUsers(export=self.export, users=self.users, along=self._end)
        self.engine.run_single(self.session, actor, done)
        return True

    def _begin(self) -> None:
        """Throw away what an earlier attempt left; the database may need a while before it gives the first user."""
        replace(self.ledger, lease=max(self.ledger.lease, PATIENCE)).opened(self.session)
        forget(self.session, self.ledger.job_id)
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


def forget(session: Session, job_id: int) -> None:
    """Remove the file of a job, and whatever there is of it."""
    session.execute(delete(ExportPart).where(ExportPart.job_id == job_id))
    session.execute(delete(ExportFile).where(ExportFile.job_id == job_id))
