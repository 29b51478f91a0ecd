"""Changing what users hold at home in one go: roles that they get there, and others that they lose wherever they hold them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    cast,
    delete,
    false,
    insert,
    literal,
    literal_column,
    not_,
    null,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import UpdateBase

from bo_panel.domain.errors import HeldBeneath, NotAlone, NotGivenThere, Refusal, Superior
from bo_panel.domain.plans import SAME
from bo_panel.models import AuditEvent, Grant, Unit, User
from bo_panel.queries.features import switched_on
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.sql import json_object, live, probe, within
from bo_panel.queries.switches import switches
from bo_panel.queries.visible import Scope
from bo_panel.services.changes.access import as_held, away_of
from bo_panel.services.engine import Context, Needs, SetChange, Strength
from bo_panel.services.engine.change import WILL_CHANGE, refused
from bo_panel.services.exclusive_roles import check_alone, held_beside
from bo_panel.services.guard import given_until
from bo_panel.services.user_types import held_otherwise

EVENT = "access.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAccess(SetChange):
    """Give users roles at their homes, and take others from them; all of them roles that plugins, or the core, declare."""

    gives: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()

    key = "users.grant+users.revoke"
    event = EVENT
    requires = Needs("users", "edit")
    strength = Strength.TAKE_OVER

    def notice(self) -> Mapping[str, Any]:
        """Return the roles."""
        return {"gives": sorted(self.gives), "takes": sorted(self.takes)}

    def check(self, context: Context) -> None:
        """Raise where one of the roles that are given is held alone, and others are given with it."""
        check_alone(RoleBook(context.registry), self.gives)

    def outcome(self, context: Context) -> ColumnElement[str]:
        """Return SAME for those who hold all that is given, and nothing that is taken; refuse those to whom it cannot be given."""
        held = aliased(Grant)
        missing = [not_(self._has(context, role)) for role in sorted(self.gives)]
        loses = holds(context, held, held.role_key.in_(sorted(self.takes)))
        refusals = [(condition, refused(refusal)) for condition, refusal in self._refusals(context)]
        return case((not_(or_(loses, *missing)), literal(SAME)), *refusals, else_=WILL_CHANGE)

    def unseats(self, context: Context, units: SQLColumnExpression[int]) -> ColumnElement[bool] | None:
        """Return that whoever loses an owner's role is no owner any more, but for his home where he gets one there."""
        owners = context.registry.owner_roles
        if not self.takes & owners:
            return None
        return units != User.home_id if self.gives & owners else true()

    def trail(self, context: Context, chosen: ColumnElement[bool]) -> Select[Any]:
        """Return one row per role that is given, with the grant that expired, and one per grant that is taken."""
        rows = union_all(*(self._given(context, chosen, role) for role in sorted(self.gives)), self._taken(context, chosen)).subquery("changed")
        return select(*rows.c)

    def apply(self, context: Context, chosen: Select[int]) -> Sequence[UpdateBase]:
        """Return what brings the grants to what is on the trail."""
        theirs = Grant.user_id.in_(chosen)
        taken = delete(Grant).where(theirs, Grant.role_key.in_(sorted(self.takes)))
        at_home = Grant.unit_id == select(User.home_id).where(User.id == Grant.user_id).scalar_subquery()
        expired = delete(Grant).where(theirs, at_home, Grant.role_key.in_(sorted(self.gives)), not_(live(Grant.expires_at, context.now)))
        role = AuditEvent.after["role"].as_string()
        mine = (AuditEvent.change_set_id == context.change_set_id, AuditEvent.step == context.step, AuditEvent.user_id.in_(chosen))
        columns = (AuditEvent.user_id, AuditEvent.unit_id, role, literal("admin"), false(), literal(context.now))
        rows = select(*columns, self._until(context, role, AuditEvent.unit_id)).where(*mine, role.is_not(None))
        given = insert(Grant).from_select(["user_id", "unit_id", "role_key", "source", "away", "created_at", "expires_at"], rows)
        touched = {"away": away_of(), "version": User.version + 1, "access_version": User.access_version + 1}
        return taken, expired, given, update(User).where(User.id.in_(chosen)).values(touched)

    def _refusals(self, context: Context) -> Iterator[tuple[ColumnElement[bool], type[Refusal]]]:
        elsewhere = self._out_of_reach(context)
        if elsewhere is not None:
            yield elsewhere, Superior
        beneath = self._beneath(context)
        if beneath is not None:
            yield beneath, HeldBeneath
        for role in sorted(self.gives):
            yield not_(User.home_id.in_(self._homes(context, role))), NotGivenThere
            yield from held_otherwise(context, role, self.takes)
            beside = held_beside(context, RoleBook(context.registry), role, [(key, None) for key in sorted(self.takes)])
            if beside is not None:
                yield beside, NotAlone

    def _homes(self, context: Context, role: str) -> Select[int]:
        """Return the units at which a role can be given by the actor: it fits, there is such a role, and it is at or below his own."""
        registry, access = context.registry, context.actor.access
        kinds = [kind for kind in registry.kinds if role in registry.roles and registry.roles[role].fits(kind)]
        vector = registry.vector_of(role)
        there = [Unit.kind.in_(kinds), within(Unit.path, access.dominates(vector) if any(vector) else access.reach(*self.requires))]
        feature = registry.feature_of(role)
        if feature is not None:
            there.append(switched_on(context.session, feature.key, Unit))
        off = switches(context.session, registry).hiding(role)
        return select(Unit.id).where(*there, *(not_(Unit.path.contains(f"/{unit_id}/")) for unit_id in sorted(off)))

    def _out_of_reach(self, context: Context) -> ColumnElement[bool] | None:
        """Return the condition that something is taken at a unit that the actor does not administer; None where he administers all."""
        reach = Scope(context.actor.access.reach(*self.requires))
        if reach.everything or not self.takes:
            return None
        held, unit = aliased(Grant), aliased(Unit)
        rows: Select[Any] = select(literal_column("1")).select_from(held).join(unit, unit.id == held.unit_id)
        rows = rows.where(held.user_id == User.id, held.role_key.in_(sorted(self.takes)), not_(within(unit.path, reach.paths)))
        return probe(rows.correlate(User), context.name)

    def _beneath(self, context: Context) -> ColumnElement[bool] | None:
        """Return the condition that a role is held beneath the home that would be taken for one at the home; None where nothing is given for it."""
        taken = self.takes - context.registry.toggles.keys()
        if not self.gives or not taken:
            return None
        held, unit, home = aliased(Grant), aliased(Unit), aliased(Unit)
        rows: Select[Any] = select(literal_column("1")).select_from(held).join(unit, unit.id == held.unit_id).join(home, home.id == User.home_id)
        rows = rows.where(held.user_id == User.id, held.away, held.role_key.in_(sorted(taken)), live(held.expires_at, context.now))
        return probe(rows.where(unit.path.startswith(home.path)).correlate(User), context.name)

    def _has(self, context: Context, role: str) -> ColumnElement[bool]:
        held = aliased(Grant)
        return holds(context, held, held.unit_id == User.home_id, held.role_key == role, live(held.expires_at, context.now))

    def _given(self, context: Context, chosen: ColumnElement[bool], role: str) -> Select[Any]:
        old = aliased(Grant)
        until = self._until(context, literal(role), User.home_id)
        given = {"role": literal(role), "source": literal("admin"), "expires_at": until}
        after = json_object({**given, "created_at": literal(context.now, Grant.__table__.c.created_at.type)}, context.name)
        before = case((old.id.is_(None), json_object({}, context.name)), else_=json_object(as_held(old), context.name))
        expired = and_(old.user_id == User.id, old.unit_id == User.home_id, old.role_key == role)
        rows = select(User.id, User.home_id.label("unit_id"), before.label("before"), after.label("after"))
        return rows.outerjoin_from(User, old, expired).where(chosen, not_(self._has(context, role)))

    def _taken(self, context: Context, chosen: ColumnElement[bool]) -> Select[Any]:
        held = aliased(Grant)
        before, after = json_object(as_held(held), context.name), json_object({}, context.name)
        rows = select(User.id, held.unit_id, before.label("before"), after.label("after")).join_from(User, held, held.user_id == User.id)
        return rows.where(held.role_key.in_(sorted(self.takes)), chosen)

    def _until(self, context: Context, role: ColumnElement[str], at: SQLColumnExpression[int]) -> ColumnElement[Any]:
        """Return when a grant at a home ends; never later than what the actor gives it from."""
        type_, access, book = Grant.__table__.c.expires_at.type, context.actor.access, RoleBook(context.registry)
        never = cast(null(), type_)
        if all(held.expires_at is None for held in access.held):
            return never
        nearest_first = sorted({held.path for held in access.held}, key=lambda path: -len(path.ids))
        pairs = [(key, path) for key in sorted(self.gives) for path in nearest_first if Scope(access.dominates(book.vector_of(key))).covers(path)]
        ends = [(key, path, given_until(context, book, key, path)) for key, path in pairs]
        beneath = {path: at.in_(select(Unit.id).where(within(Unit.path, (path,)))) for path in nearest_first}
        limited = [(and_(role == key, beneath[path]), literal(end, type_) if end else never) for key, path, end in ends]
        return case(*limited, else_=never) if limited else never


def holds(context: Context, held: type[Grant], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that a user holds a grant like this."""
    rows: Select[Any] = select(literal_column("1")).select_from(held).where(held.user_id == User.id, *conditions)
    return probe(rows.correlate(User), context.name)
