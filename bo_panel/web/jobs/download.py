"""The file that an export in the background made, handed out to whoever gave it in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Response

from bo_panel.bootstrap import Panel
from bo_panel.domain.errors import ExportGone
from bo_panel.domain.tabular import Format
from bo_panel.domain.units import UnitPath
from bo_panel.jobs.exported_file import unpacked
from bo_panel.queries.exports import export_file, export_part
from bo_panel.queries.visible import Scope
from bo_panel.web.current import Me

KILO = 1000


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that can be had: where, how large it is, and until when."""

    url: str
    size: str
    until: str


@dataclass(frozen=True, slots=True)
class Download:
    """What somebody may have of what he exported."""

    panel: Panel
    session: Any
    me: Me

    def offered(self, job_id: int, address: str) -> Offered | None:
        """Return the file of a job, or None when there is none for this person."""
        found = self._file(job_id)
        if found is None:
            return None
        until = found.made_at + timedelta(days=self.panel.settings.export.keep_days)
        return Offered(f"{address}?id={job_id}", _size(found.size), f"{until:%Y-%m-%d}")

    def answer(self, job_id: int) -> Response:
        """Return the file; raise ExportGone when there is none for this person."""
        found = self._file(job_id)
        if found is None:
            raise ExportGone
        written_as = Format(found.task["format"])
        response = Response(self._parts(job_id, found.parts), content_type=written_as.media)
        response.content_length = found.size
        response.headers["Content-Disposition"] = f'attachment; filename="users-{found.made_at:%Y-%m-%d}.{written_as}"'
        return response

    def _file(self, job_id: int) -> Any | None:
        found = export_file(self.session, self.me.id, job_id)
        seen = Scope(self.me.access.reach("users", "view"))
        return found if found is not None and all(seen.covers(UnitPath(path)) for path in found.places) else None

    def _parts(self, job_id: int, parts: int) -> Iterator[bytes]:
        """Yield the file; no session is held while the browser takes its time."""
        for number in range(parts):
            with self.panel.session() as session:
                part = export_part(session, job_id, number)
            if part is None:
                raise RuntimeError(f"the file of job {job_id} was removed while it was handed out")
            yield unpacked(part)


def _size(size: int) -> str:
    """Return how large a file is, to be read."""
    if size < KILO**2:
        return f"{max(size // KILO, 1)} kB"
    return f"{size / KILO**2:.1f} MB"
