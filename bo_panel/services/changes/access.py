"""Giving and taking roles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Exists,
    Select,
    SQLColumnExpression,
    and_,
    case,
    cast,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    literal_column,
    not_,
    null,
    select,
    true,
    update,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import UpdateBase

from bo_panel.domain.access import MEMBER, at_or_below
from bo_panel.domain.errors import AboveOwnAccess, HeldApart, HomeKept, NoPlace, NotAlone, Refusal, UnknownUnit
from bo_panel.domain.plans import SAME
from bo_panel.models import AuditEvent, Grant, Unit, User
from bo_panel.queries.roles import RoleBook, role_book_for
from bo_panel.queries.sql import json_object, json_value, live
from bo_panel.queries.units import Place, places
from bo_panel.services.engine import Context, Needs, SetChange, Strength
from bo_panel.services.engine.change import WILL_CHANGE, refused
from bo_panel.services.exclusive_roles import held_beside
from bo_panel.services.field_rules import check_together, held_apart
from bo_panel.services.guard import given_until, giving, may_give
from bo_panel.services.user_types import held_otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class _RoleAtUnits(SetChange):
    """A role, and the units where it is given or taken."""

    role: str
    unit_ids: frozenset[int]

    requires = Needs("users", "edit")
    strength = Strength.HARMLESS  # what is given and taken is compared with the actor's own access instead
    on_guests = True

    def notice(self) -> Mapping[str, Any]:
        """Return the role and the units."""
        return {"role": self.role, "units": sorted(self.unit_ids)}

    def _places(self, context: Context) -> Sequence[Place]:
        """Return the units, each within the actor's reach; raise UnknownUnit for any other, and NoPlace for none."""
        if not self.unit_ids:
            raise NoPlace("units")
        found = places(context.session, self.unit_ids)
        reach = context.actor.access.reach(*self.requires)
        if len(found) != len(self.unit_ids) or not all(any(top.covers(place.path) for top in reach) for place in found.values()):
            raise UnknownUnit("units")
        return [found[unit_id] for unit_id in sorted(found)]

    def _at_units(self, grant: type[Grant]) -> ColumnElement[bool]:
        """Return the condition that a grant is of this role at one of the units."""
        return and_(grant.role_key == self.role, grant.unit_id.in_(sorted(self.unit_ids)))

    def _touched(self, chosen: Select[int]) -> UpdateBase:
        values = {"away": away_of(), "version": User.version + 1, "access_version": User.access_version + 1}
        return update(User).where(User.id.in_(chosen)).values(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveRole(_RoleAtUnits):
    """Give users a role at units."""

    key = "users.grant"
    event = "access.granted"

    def check(self, context: Context) -> None:
        """Raise unless the actor may give this role at every one of the units, and they go together."""
        given = self._places(context)
        self.check_given(context, given)
        check_together(context.registry, self.role, given)

    def outcome(self, context: Context) -> ColumnElement[str]:
        """Return SAME for those who hold it at all the units; refuse those who hold what does not go with it, and keep it."""
        held = aliased(Grant)
        mine = select(func.count()).where(held.user_id == User.id, self._at_units(held), live(held.expires_at, context.now))
        same = (mine.correlate(User).scalar_subquery() == len(self.unit_ids), literal(SAME))
        going = [change for change in context.later if isinstance(change, TakeRole)]
        leaving = [unit_id for change in going if change.role == self.role for unit_id in change.unit_ids]
        refusals = list(held_otherwise(context, self.role, {change.role for change in going}))
        refusals += self._not_alone(context, [(change.role, change.unit_ids) for change in going])
        apart = held_apart(context, self.role, self._places(context), leaving) if context.registry.rules_for(self.role) else None
        refusals += [] if apart is None else [(apart, HeldApart)]
        return case(same, *((condition, refused(refusal)) for condition, refusal in refusals), else_=WILL_CHANGE)

    def _not_alone(self, context: Context, leaving: Sequence[tuple[str, frozenset[int]]]) -> Sequence[tuple[ColumnElement[bool], type[Refusal]]]:
        beside = held_beside(context, self.book(context), self.role, leaving)
        return [] if beside is None else [(beside, NotAlone)]

    def trail(self, context: Context, chosen: ColumnElement[bool]) -> Select[Any]:
        """Return one row per user and unit where the role is not held, or no longer; before is the grant that expired."""
        held, old = aliased(Grant), aliased(Grant)
        mine = (held.user_id == User.id, held.unit_id == Unit.id, held.role_key == self.role, live(held.expires_at, context.now))
        has = _exists(held, *mine).correlate(User, Unit)
        given = {"role": literal(self.role), "source": literal("admin"), "expires_at": self._ends(context, Unit.id), **self.given(context)}
        after = json_object({**given, "created_at": literal(context.now, Grant.__table__.c.created_at.type)}, context.name)
        before = case((old.id.is_(None), json_object({}, context.name)), else_=json_object(as_held(old), context.name))
        expired = and_(old.user_id == User.id, old.unit_id == Unit.id, old.role_key == self.role)
        rows = select(User.id, Unit.id, before, after).join_from(User, Unit, true()).outerjoin(old, expired)
        return rows.where(Unit.id.in_(sorted(self.unit_ids)), chosen, ~has)

    def apply(self, context: Context, chosen: Select[int]) -> Sequence[UpdateBase]:
        """Return the new grants, exactly those on the trail; what expired makes room for them."""
        expired = delete(Grant).where(self._at_units(Grant), Grant.user_id.in_(chosen), not_(live(Grant.expires_at, context.now)))
        away = AuditEvent.unit_id != User.home_id
        ends = self._ends(context, AuditEvent.unit_id)
        rows = (
            select(AuditEvent.user_id, AuditEvent.unit_id, literal(self.role), literal("admin"), away, literal(context.now), ends)
            .join(User, User.id == AuditEvent.user_id)
            .where(AuditEvent.change_set_id == context.change_set_id, AuditEvent.step == context.step, AuditEvent.user_id.in_(chosen))
        )
        given = insert(Grant).from_select(["user_id", "unit_id", "role_key", "source", "away", "created_at", "expires_at"], rows)
        return expired, given, self._touched(chosen)

    def book(self, context: Context) -> RoleBook:
        """Return the book that knows the role."""
        return role_book_for(context.session, context.registry, frozenset({self.role}))

    def check_given(self, context: Context, given: Sequence[Place]) -> None:
        """Raise unless the actor may give the role at each of these units."""
        known = giving(context, self.book(context), (self.role,))
        for place in given:
            may_give(known, self.role, (place.path, place.kind, place.name))

    def given(self, context: Context) -> Mapping[str, ColumnElement[Any]]:
        """Return what the trail tells of it besides its key."""
        return {}

    def _ends(self, context: Context, at: SQLColumnExpression[int]) -> ColumnElement[Any]:
        """Return when the grant at a unit ends; never later than what the actor gives it from."""
        roles = self.book(context)
        ends = {place.id: given_until(context, roles, self.role, place.path) for place in self._places(context)}
        limited = {unit_id: literal(end, Grant.__table__.c.expires_at.type) for unit_id, end in ends.items() if end is not None}
        never = cast(null(), Grant.__table__.c.expires_at.type)
        return case(*((at == unit_id, end) for unit_id, end in limited.items()), else_=never) if limited else never


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRole(_RoleAtUnits):
    """Take a role at units from users."""

    key = "users.revoke"
    event = "access.revoked"

    def check(self, context: Context) -> None:
        """Raise when the role gives more than the actor holds at one of the units."""
        roles = role_book_for(context.session, context.registry, frozenset({self.role}))
        for place in self._places(context):
            if not at_or_below(roles.vector_of(self.role), context.actor.access.at(place.path)):
                raise AboveOwnAccess("role", role=roles.label(self.role), unit=place.name)

    def outcome(self, context: Context) -> ColumnElement[str]:
        """Return SAME for those who hold it at none of the units; nobody ceases to be a member of his home."""
        held = aliased(Grant)
        holds = _exists(held, held.user_id == User.id, self._at_units(held)).correlate(User)
        at_home = User.home_id.in_(sorted(self.unit_ids)) if self.role == MEMBER else false()
        return case((not_(holds), literal(SAME)), (at_home, refused(HomeKept)), else_=WILL_CHANGE)

    def unseats(self, context: Context, units: SQLColumnExpression[int]) -> ColumnElement[bool] | None:
        """Return that whoever loses an owner's role at a unit is no owner there."""
        return units.in_(sorted(self.unit_ids)) if self.role in context.registry.owner_roles else None

    def trail(self, context: Context, chosen: ColumnElement[bool]) -> Select[Any]:
        """Return one row per user and unit where the role is held."""
        held = aliased(Grant)
        policy = role_book_for(context.session, context.registry, frozenset({self.role})).policies.get(self.role)
        before = json_object({**as_held(held), **(told_of(policy.levels, context) if policy else {})}, context.name)
        rows = select(User.id, held.unit_id, before, json_object({}, context.name)).join_from(User, held, held.user_id == User.id)
        return rows.where(self._at_units(held), chosen)

    def apply(self, context: Context, chosen: Select[int]) -> Sequence[UpdateBase]:
        """Return the end of the grants on the trail."""
        return delete(Grant).where(self._at_units(Grant), Grant.user_id.in_(chosen)), self._touched(chosen)


def as_held(held: type[Grant]) -> Mapping[str, SQLColumnExpression[Any]]:
    """Return what the trail keeps of a grant, so that it can be given back exactly."""
    return {"role": held.role_key, "source": held.source, "expires_at": held.expires_at, "created_at": held.created_at}


def told_of(levels: Mapping[str, str], context: Context) -> Mapping[str, ColumnElement[Any]]:
    """Return what the trail tells of levels that have no name which says it."""
    return {"levels": json_value(dict(levels), context.name)}


def away_of() -> ColumnElement[bool]:
    """Return whether a user holds a grant that is not at his home."""
    held = aliased(Grant)
    return _exists(held, held.user_id == User.id, held.away).correlate(User)


def _exists(held: type[Grant], *conditions: SQLColumnExpression[bool]) -> Exists:
    return exists(select(literal_column("1")).select_from(held).where(*conditions))
