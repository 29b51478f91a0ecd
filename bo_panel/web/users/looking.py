"""A change looked at before it is done: what would become of whom, the reasons with a few names, and the file of those left alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from flask import Response

from bo_panel.domain.plans import Result
from bo_panel.queries.changes import people
from bo_panel.services.engine import Counted, Selection, SetChange
from bo_panel.services.engine.attempt import REASON_LIMIT
from bo_panel.services.engine.preview import Preview
from bo_panel.web.current import actor, panel, scope, session
from bo_panel.web.jobs.telling import Reason, reasons_of
from bo_panel.web.users.in_words import named_of
from bo_panel.web.users.refused import refused_file


class Left(NamedTuple):
    """Somebody left alone, as the file shows him."""

    id: int
    user_name: str
    first_name: str
    last_name: str
    changed_by: str | None
    changed_at: Any
    code: str
    reason: str | None


@dataclass(frozen=True)
class Looked:
    """A change and a selection, for one request."""

    change: SetChange
    selection: Selection

    reason_limit: ClassVar = REASON_LIMIT
    """How many letters of a reason are kept."""

    @property
    def result(self) -> Result:
        """What would become of whom."""
        return self.both[0]

    @property
    def counted(self) -> Counted:
        """How many they are."""
        return self.both[1]

    @cached_property
    def both(self) -> tuple[Result, Counted]:
        """The result and the count, looked at once."""
        return self._preview().result()

    def reasons(self) -> list[Reason]:
        """Return why some would be left alone, with a few of them by name."""
        found = {refused.user_id: refused for refused in self.result.refusals}
        now = panel().clock.now()
        rows = people(session(), scope("users"), sorted(found), now) if found else []
        names = named_of(rows, now, {user_id: refused.code for user_id, refused in found.items()})
        return reasons_of(self.result.codes, {refused.code: refused.reason for refused in found.values()}, names)

    def file(self, name: str) -> Response:
        """Return the file of those who would be left alone."""
        return refused_file(self._left(), name)

    def _left(self) -> Sequence[Left]:
        found = {refused.user_id: refused for refused in self._preview().refused()}
        rows: list[Left] = []
        ids, at_once = sorted(found), panel().settings.engine.chunk
        for first in range(0, len(ids), at_once):
            some = people(session(), scope("users"), ids[first : first + at_once], panel().clock.now())
            rows += [Left(*tuple(row)[:6], found[row.id].code, found[row.id].reason) for row in some]
        return rows

    def _preview(self) -> Preview:
        return panel().engine.preview(session(), actor(), self.change, self.selection)
