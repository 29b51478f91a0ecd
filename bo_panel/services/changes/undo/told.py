"""What the trail tells of a run that is to be taken back, as conditions and values in SQL."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, ColumnElement, DateTime, Select, and_, cast, literal_column, or_, select, type_coerce
from sqlalchemy.orm import aliased

from bo_panel.domain.lifecycle import Status
from bo_panel.models import AuditEvent, Grant, User
from bo_panel.queries.profile_fields import key_of
from bo_panel.queries.sql import POSTGRESQL, probe

Row = type[AuditEvent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a run did: the statuses that it found and left, the columns that it set, the roles that it gave and took.

    Its rows on the trail are one per user for the status, one for the columns, and one per role at a unit.
    """

    change_set_id: int
    steps: tuple[int, ...]
    found: frozenset[Status] = frozenset()
    left: frozenset[Status] = frozenset()
    columns: tuple[str, ...] = ()
    given: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()

    @property
    def roles(self) -> frozenset[str]:
        """The roles that were given or taken."""
        return self.given | self.taken

    def row(self) -> Row:
        """Return another look at the trail."""
        return aliased(AuditEvent)

    def theirs(self, row: Row) -> ColumnElement[bool]:
        """Return the condition that a row of the trail tells of the user; said so that one index finds it."""
        return and_(row.change_set_id == self.change_set_id, row.step.in_(self.steps), row.user_id == User.id)

    def of_roles(self, row: Row) -> ColumnElement[bool]:
        """Return the condition that a row tells of a role at a unit."""
        return or_(text(row.before, "role").is_not(None), text(row.after, "role").is_not(None))

    def of_columns(self, row: Row) -> ColumnElement[bool]:
        """Return the condition that a row tells of columns."""
        return and_(*(text(told, name).is_(None) for told in (row.before, row.after) for name in ("role", "status")))

    def any_row(self, name: str, row: Row, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        """Return the condition on `user` that some row of the trail is like this."""
        rows: Select[Any] = select(literal_column("1")).select_from(row).where(self.theirs(row), *conditions)
        return probe(rows.correlate(User), name)

    def changed_since(self, name: str) -> ColumnElement[bool]:
        """Return the condition that something about the account was changed after the run; signing in changes nothing."""
        row, later = self.row(), self.row()
        rows: Select[Any] = (
            select(literal_column("1"))
            .select_from(row)
            .join(later, (later.user_id == row.user_id) & (later.id > row.id))
            .where(self.theirs(row), later.change_set_id != self.change_set_id, later.event.not_like("account.%"))
        )
        return probe(rows.correlate(User), name)


def text(told: Any, key: str) -> ColumnElement[str]:
    """Return a value of the trail as text; null where it has none."""
    found: ColumnElement[str] = told[key].as_string()
    return found


def value(told: Any, name: str) -> ColumnElement[Any]:
    """Return a value of the trail as what the column, or the field of the profile, of that name holds."""
    if key_of(name):
        return text(told, name)
    of_user = User.__table__.c[name].type
    found: ColumnElement[Any] = told[name].as_boolean() if isinstance(of_user, Boolean) else told[name].as_string()
    return found


def moment(told: Any, key: str, name: str) -> ColumnElement[Any]:
    """Return a moment of the trail; SQLite keeps it there in the very form of its columns."""
    found, type_ = text(told, key), Grant.__table__.c.created_at.type
    return type_coerce(cast(found, DateTime(timezone=True)) if name == POSTGRESQL else found, type_)
