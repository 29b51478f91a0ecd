"""The way back of roles: what was given is taken, what was taken is given, never past what the undoer holds there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import UpdateBase

from bo_panel.domain.access import MEMBER
from bo_panel.domain.units import UnitPath
from bo_panel.models import AuditEvent, Grant, Unit, User
from bo_panel.queries.features import switched_on
from bo_panel.queries.roles import RoleBook, role_book_for
from bo_panel.queries.sql import json_object, live, within
from bo_panel.queries.visible import Scope
from bo_panel.services.changes.undo.told import Row, Told, moment, text
from bo_panel.services.engine import Context, Needs
from bo_panel.services.guard import given_until


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles that a run gave and took, for one transaction that takes it back."""

    told: Told
    context: Context
    requires: Needs

    def differ(self) -> ColumnElement[bool]:
        """Return the condition that some role is not held, or held, as it was before the run."""
        row = self.told.row()
        was, ends = text(row.before, "role"), moment(row.before, "expires_at", self.context.name)
        given = and_(was.is_(None), self._held(row, text(row.after, "role")))
        missing = and_(was.is_not(None), not_(self._held(row, was, ends)))
        return self.told.any_row(self.context.name, row, self.told.of_roles(row), or_(given, missing))

    def above_own(self) -> ColumnElement[bool]:
        """Return the condition that a role is more than the undoer holds there, or its unit none of those that he administers."""
        access, book, row, unit = self.context.actor.access, self._book(), self.told.row(), aliased(Unit)
        reach = Scope(access.reach(*self.requires))
        above = [] if reach.everything else [not_(within(unit.path, reach.paths))]
        for key in sorted(self.told.roles):
            dominated = Scope(book.dominated(key, access) if any(book.demand_of(key)) else reach.paths)
            if not dominated.everything:
                above.append(and_(self._about(row, key), not_(within(unit.path, dominated.paths))))
        return self._at_unit(row, unit, or_(*above)) if above else false()

    def gone(self) -> ColumnElement[bool]:
        """Return the condition that a role to be given back does not exist there any more, or cannot be held there."""
        book, row, unit = self._book(), self.told.row(), aliased(Unit)
        misfits = [and_(text(row.before, "role") == key, not_(self._fits(book, key, unit))) for key in sorted(self.told.taken)]
        return self._at_unit(row, unit, self._comes_back(row), or_(*misfits)) if misfits else false()

    def home_lost(self) -> ColumnElement[bool]:
        """Return the condition that somebody would cease to be a member of his home."""
        row = self.told.row()
        lost = and_(text(row.after, "role") == MEMBER, text(row.before, "role").is_(None), row.unit_id == User.home_id)
        return self.told.any_row(self.context.name, row, lost) if MEMBER in self.told.given else false()

    def unseats(self, units: SQLColumnExpression[int]) -> ColumnElement[bool] | None:
        """Return the condition that an owner's role at a unit is taken again, or None if there is none among the roles."""
        owners = sorted(self.told.given & self.context.registry.owner_roles)
        if not owners:
            return None
        row = self.told.row()
        taken = select(row.unit_id).where(self.told.theirs(row), text(row.after, "role").in_(owners))
        return units.in_(taken.correlate(User))

    def after(self, row: Row) -> ColumnElement[Any]:
        """Return what the trail shows as it becomes: as before the run, but for no longer than the undoer holds it himself."""
        was: ColumnElement[Any] = row.before  # type: ignore[assignment]
        limits = [(self._longer(row, key, unit_id, end), self._until(row, end)) for key, unit_id, end in self._ends()]
        return case(*limits, else_=was) if limits else was

    def apply(self, chosen: Select[int]) -> Sequence[UpdateBase]:
        """Return what takes the roles that were given, and gives back those on this run's own trail."""
        row, context = self.told.row(), self.context
        either = or_(text(row.after, "role") == Grant.role_key, text(row.before, "role") == Grant.role_key)
        of_run = and_(row.change_set_id == self.told.change_set_id, row.step.in_(self.told.steps))
        on_it: Select[Any] = select(literal_column("1")).where(of_run, row.user_id == Grant.user_id, row.unit_id == Grant.unit_id, either)
        taken = delete(Grant).where(Grant.user_id.in_(chosen), exists(on_it.correlate(Grant)))
        after = AuditEvent.after
        created = func.coalesce(moment(after, "created_at", context.name), literal(context.now, Grant.__table__.c.created_at.type))
        columns = (AuditEvent.user_id, AuditEvent.unit_id, text(after, "role"), func.coalesce(text(after, "source"), literal("admin")))
        rows = select(*columns, AuditEvent.unit_id != User.home_id, created, moment(after, "expires_at", context.name))
        mine = (AuditEvent.change_set_id == context.change_set_id, AuditEvent.step == context.step, AuditEvent.user_id.in_(chosen))
        rows = rows.join(User, User.id == AuditEvent.user_id).where(*mine, text(after, "role").is_not(None))
        return taken, insert(Grant).from_select(["user_id", "unit_id", "role_key", "source", "away", "created_at", "expires_at"], rows)

    def _book(self) -> RoleBook:
        return role_book_for(self.context.session, self.context.registry, self.told.roles)

    def _held(self, row: Row, role: ColumnElement[str], *ends: ColumnElement[Any]) -> ColumnElement[bool]:
        held = aliased(Grant)
        same = [held.expires_at.is_not_distinct_from(end) for end in ends]
        mine: Select[Any] = select(literal_column("1")).where(held.user_id == row.user_id, held.unit_id == row.unit_id, held.role_key == role, *same)
        return exists(mine.correlate(row))

    def _comes_back(self, row: Row) -> ColumnElement[bool]:
        return live(moment(row.before, "expires_at", self.context.name), self.context.now)

    def _about(self, row: Row, key: str) -> ColumnElement[bool]:
        """Return the condition that a row gives a role back for some time to come, or takes it."""
        return or_(text(row.after, "role") == key, and_(text(row.before, "role") == key, self._comes_back(row)))

    def _at_unit(self, row: Row, unit: type[Unit], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        there: Select[Any] = select(literal_column("1")).where(unit.id == row.unit_id, *conditions)
        return self.told.any_row(self.context.name, row, self.told.of_roles(row), exists(there.correlate(row)))

    def _fits(self, book: RoleBook, key: str, unit: type[Unit]) -> ColumnElement[bool]:
        kinds = [kind for kind in book.registry.kinds if book.fits(key, kind)]
        if key in book.stored:
            return and_(within(unit.path, (book.stored[key].owned_at,)), unit.kind.in_(kinds))
        feature = book.registry.feature_of(key)
        on = true() if feature is None else switched_on(self.context.session, feature.key, unit)
        return and_(on, unit.kind.in_(kinds))

    def _ends(self) -> Sequence[tuple[str, int, Any]]:
        """Return the roles to be given back, by the unit, that the undoer himself holds for a time only."""
        if not self.told.taken or all(held.expires_at is None for held in self.context.actor.access.held):
            return []
        role = text(AuditEvent.before, "role")
        pairs = select(role, Unit.id, Unit.path).join(Unit, Unit.id == AuditEvent.unit_id).distinct()
        found = self.context.session.execute(pairs.where(AuditEvent.change_set_id == self.told.change_set_id, role.is_not(None))).all()
        book = self._book()
        ends = [(key, unit_id, given_until(self.context, book, key, UnitPath(path))) for key, unit_id, path in found]
        return [(key, unit_id, end) for key, unit_id, end in ends if end is not None]

    def _longer(self, row: Row, key: str, unit_id: int, end: Any) -> ColumnElement[bool]:
        ends = moment(row.before, "expires_at", self.context.name)
        return and_(text(row.before, "role") == key, row.unit_id == unit_id, or_(ends.is_(None), ends > end))

    def _until(self, row: Row, end: Any) -> ColumnElement[Any]:
        told = {key: text(row.before, key) for key in ("role", "source", "created_at")}
        return json_object({**told, "expires_at": literal(end, Grant.__table__.c.expires_at.type)}, self.context.name)
