"""Runs of the engine: one of them, what became of it, and those whom it left alone, by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal_column, null, or_, select, true
from sqlalchemy.orm import Session, aliased

from bo_panel.models import AuditEvent, ChangeSet, Job, RefusedRow, Undo, Unit, User
from bo_panel.queries.sql import dialect, probe, within
from bo_panel.queries.visible import Scope, visible

NAMED = 3


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: his own runs whole, everybody's where he reads the whole audit log, of others that something happened in his scope."""

    user_id: int
    scope: Scope

    def whole(self) -> ColumnElement[bool]:
        """Return the condition that a run is his to see with all its numbers."""
        return true() if self.scope.everything else func.coalesce(ChangeSet.actor_id == self.user_id, literal_column("1 = 0"))

    def seen(self, name: str) -> ColumnElement[bool]:
        """Return the condition that he may know of a run."""
        if self.scope.everything or not self.scope.paths:
            return self.whole()
        unit = aliased(Unit)
        there: Select[Any] = select(literal_column("1")).select_from(AuditEvent).join(unit, unit.id == AuditEvent.unit_id)
        there = there.where(AuditEvent.change_set_id == ChangeSet.id, within(unit.path, self.scope.paths))
        return or_(self.whole(), probe(there.correlate(ChangeSet), name))


def change_set_seen(session: Session, reader: Reader, change_set_id: int) -> Any | None:
    """Return a run, or None; one statement.

    With it come its `job`, what it takes back (`undoes`), what took it back (`undone_by`, `undone_who`), and whether all of it is shown (`whole`).
    """
    by, undone, job = aliased(ChangeSet), aliased(Undo), aliased(Job)
    undoes = select(func.max(Undo.undoes_id)).where(Undo.change_set_id == ChangeSet.id).scalar_subquery()
    taken_back = select(func.max(undone.change_set_id)).where(undone.undoes_id == ChangeSet.id).scalar_subquery()
    who = select(by.actor_name).where(by.id == taken_back).scalar_subquery()
    jobs = select(func.max(job.id)).where(job.change_set_id == ChangeSet.id).scalar_subquery()
    more = (undoes.label("undoes"), taken_back.label("undone_by"), who.label("undone_who"), jobs.label("job"))
    rows = select(*ChangeSet.__table__.c, *more, reader.whole().label("whole"))
    return session.execute(rows.where(ChangeSet.id == change_set_id, reader.seen(dialect(session)))).one_or_none()


def in_sight(session: Session, reader: Reader, users: Scope, change_set_id: int, now: datetime) -> Any | None:
    """Return who did a run and when, or None for one that the reader may not know of; one statement.

    He may as a reader of the audit log, or because he sees one of its users.
    """
    name, theirs = dialect(session), select(AuditEvent.user_id).where(AuditEvent.change_set_id == change_set_id)
    shown = exists(select(User.id).where(User.id.in_(theirs), visible(users, now, name)))
    rows = select(ChangeSet.actor_name, ChangeSet.at).where(ChangeSet.id == change_set_id, or_(reader.seen(name), shown))
    return session.execute(rows).one_or_none()


def left_alone(session: Session, scope: Scope, change_set_id: int, now: datetime) -> Sequence[Any]:
    """Return a few of those in scope whom a run left alone, for each code, with who changed them last; one statement."""
    place = func.row_number().over(partition_by=RefusedRow.code, order_by=RefusedRow.user_id).label("place")
    ids = select(RefusedRow.user_id, RefusedRow.code, place).join(User, User.id == RefusedRow.user_id)
    few = ids.where(RefusedRow.change_set_id == change_set_id, visible(scope, now, dialect(session))).subquery("few")
    rows = _people().add_columns(few.c.code).join(few, few.c.user_id == User.id).where(few.c.place <= NAMED)
    return session.execute(rows.order_by(few.c.code, User.id)).all()


def all_left_alone(session: Session, scope: Scope, change_set_id: int, now: datetime) -> Sequence[Any]:
    """Return everybody in scope whom a run left alone, with `code`, `reason`, and who changed them last, in order of their ids; one statement."""
    rows = _people().add_columns(RefusedRow.code, RefusedRow.reason).join(RefusedRow, RefusedRow.user_id == User.id)
    rows = rows.where(RefusedRow.change_set_id == change_set_id, visible(scope, now, dialect(session)))
    return session.execute(rows.order_by(User.id)).all()


def people(session: Session, scope: Scope, user_ids: Sequence[int], now: datetime) -> Sequence[Any]:
    """Return those of these users who are in scope, deleted ones too, with who changed them last, in order of their ids; one statement."""
    rows = _people().add_columns(null().label("code")).where(User.id.in_(user_ids), visible(scope, now, dialect(session)))
    return session.execute(rows.order_by(User.id)).all()


def _people() -> Select[Any]:
    """Return the select of users with the newest event that changed each of them: `changed_by`, `changed_at`."""
    newest = select(func.max(AuditEvent.id)).where(AuditEvent.user_id == User.id, AuditEvent.event.not_like("account.%"))
    latest = aliased(AuditEvent)
    columns = (User.id, User.user_name, User.first_name, User.last_name, latest.actor_name.label("changed_by"), latest.at.label("changed_at"))
    rows: Select[Any] = select(*columns).select_from(User).outerjoin(latest, latest.id == newest.correlate(User).scalar_subquery())  # type: ignore[assignment]
    return rows
