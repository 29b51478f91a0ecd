"""How many somebody saw, and, when others match by now, what differs."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, literal, select

from bo_panel.domain.errors import SelectionChanged
from bo_panel.models import AuditEvent, User
from bo_panel.queries.sql import Rows
from bo_panel.queries.visible import Scope, visible
from bo_panel.services.engine.context import Context

NAMED = 3


class Counted(NamedTuple):
    """How many somebody saw matching, and the highest id there was then: whoever is added later is not meant.

    The sum of their ids tells one set from another of the same size; `event` is the newest event of the trail at that moment.
    """

    users: int
    high_water: int
    ids: int | None = None
    event: int = 0

    def check(self, context: Context, scope: Scope, people: Rows, selected: ColumnElement[bool]) -> None:
        """Raise, saying what differs, unless the same are selected now, as rows and as a condition; one statement where they are."""
        found = people.subquery("people")
        now, ids = context.session.execute(select(func.count(), func.coalesce(func.sum(found.c.id), 0)).select_from(found)).one()
        if now != self.users or self.ids not in (None, int(ids)):
            raise SelectionChanged(before=f"{self.users:,}", now=f"{now:,}", differs=self._differs(context, scope, selected))

    def _differs(self, context: Context, scope: Scope, selected: ColumnElement[bool]) -> str:
        """Return who was changed since, of those in scope, by whether they match now; none where nobody was, or nobody counted the events."""
        if not self.event:
            return ""
        since = select(AuditEvent.user_id).where(AuditEvent.id > self.event, AuditEvent.event.not_like("account.%"))
        in_sight = (User.id.in_(since), User.id <= self.high_water, visible(scope, context.now, context.name))
        matches = case((selected, literal(1)), else_=literal(0))
        names = (User.first_name, User.last_name, User.user_name)
        rows: Select[Any] = select(*names, matches.label("matches"), func.count().over(partition_by=matches).label("all"))
        found = context.session.execute(rows.where(*in_sight).order_by(User.id).limit(NAMED * 10)).all()
        gone, there = ([row for row in found if row.matches == kind] for kind in (0, 1))
        return " ".join(part for part in (_told(gone, "no longer match"), _told(there, "match as they are now")) if part)


def _told(rows: Sequence[Any], what: str) -> str:
    if not rows:
        return ""
    names = [f"{row.first_name} {row.last_name}".strip() or row.user_name for row in rows[:NAMED]]
    more = f" and {rows[0].all - len(names):,} more" if rows[0].all > len(names) else ""
    return f"Changed since, and {what}: {', '.join(names)}{more}."


def events_so_far() -> Any:
    """Return the id of the newest event, as part of a statement."""
    return select(func.coalesce(func.max(AuditEvent.id), 0)).scalar_subquery()
