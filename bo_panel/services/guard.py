"""The one authorisation: which users of a selection a change may not be done to, as conditions in SQL."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, literal_column, not_, or_, select, true
from sqlalchemy.orm import aliased

from bo_panel.domain.errors import (
    AboveOwnAccess,
    FeatureOff,
    Founder,
    LastOwner,
    NotAtHome,
    OwnAccount,
    Refusal,
    RoleDoesNotFit,
    Superior,
    SwitchedOff,
    UnknownRole,
)
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.units import UnitPath
from bo_panel.models import Grant, Unit, User
from bo_panel.queries.features import NOTHING, FeatureBook, feature_book
from bo_panel.queries.founders import founder
from bo_panel.queries.roles import RoleBook, role_book_for, some_roles
from bo_panel.queries.sql import each, live, probe, within
from bo_panel.queries.switches import Switches, switches
from bo_panel.queries.visible import Scope, Shape, at_home, in_units, shape_of
from bo_panel.services.engine.change import SetChange, Strength, refused
from bo_panel.services.engine.context import Context


@dataclass(frozen=True, slots=True)
class Standing:
    """What the guard knows about a selection: whom it holds, and the roles that they hold."""

    selected: ColumnElement[bool]
    roles: RoleBook
    role_keys: frozenset[str]
    owners: frozenset[int] | None = None
    """All who own a unit, where they are known; None: anybody may."""
    shape: Shape = Shape.PROBE
    """How each is asked where he is at home and what he holds."""


FEW_ROLES = 200
"""Up to how many roles of units are all asked about, instead of first looking which of them the selected hold."""


MOST_OWNERS = 500


def standing(context: Context, selected: ColumnElement[bool], users: int | None) -> Standing:
    """Return what the guard has to know about a selection, of so many users if that is known; one statement, or two where units own many roles."""
    book, shape = some_roles(context.session, context.registry, FEW_ROLES), shape_of(users)
    if book is not None:
        return Standing(selected, book, frozenset((*context.registry.roles, *book.stored, *book.policies)), shape=shape)
    keys = frozenset(context.session.scalars(roles_present(selected, context.now)))
    return Standing(selected, role_book_for(context.session, context.registry, keys), keys, shape=shape)


def verdict(context: Context, change: SetChange, standing: Standing) -> ColumnElement[str]:
    """Return what becomes of a user: the first refusal of the guard, else what the change itself says."""
    cases = [(condition, refused(refusal)) for condition, refusal in _refusals(context, change, standing)]
    return case(*cases, else_=change.outcome(context)) if cases else change.outcome(context)


@dataclass(frozen=True, slots=True)
class Giving:
    """What decides about giving roles, wherever that is: what the roles give, where plugins are off, and where features are on."""

    context: Context
    roles: RoleBook
    switches: Switches
    features: FeatureBook


def giving(context: Context, roles: RoleBook, given: Collection[str]) -> Giving:
    """Return what decides about giving these roles at any number of units; two statements at most."""
    features = feature_book(context.session) if any(map(context.registry.feature_of, given)) else NOTHING
    return Giving(context, roles, switches(context.session, context.registry), features)


def may_give(giving: Giving, role: str, place: tuple[UnitPath, str, str]) -> None:
    """Raise unless the actor may give this role at a unit (its path, kind and name): it exists, fits, and stays at or below his own."""
    (path, kind, unit_name), context, roles = place, giving.context, giving.roles
    if role not in roles.offered_at(path):
        raise UnknownRole("role")
    if giving.switches.hides(role, path):
        raise SwitchedOff("role", role=roles.label(role), unit=unit_name)
    if not roles.fits(role, kind):
        raise RoleDoesNotFit("role", role=roles.label(role), unit=unit_name)
    feature = context.registry.feature_of(role)
    if feature is not None and not giving.features.is_on(feature.key, path):
        raise FeatureOff("role", role=roles.label(role), feature=feature.label, unit=unit_name)
    if not roles.is_within(role, context.actor.access, path):
        raise AboveOwnAccess("role", role=roles.label(role), unit=unit_name)


def superior_among(context: Context, reach: Scope, selected: ColumnElement[bool]) -> bool:
    """Return whether one of these users holds more than the actor, inside or above the units of `reach`."""
    superior = _superior(context, Strength.CONTAIN, reach, standing(context, selected, None))
    found = select(User.id).where(selected, User.deleted_at.is_(None))
    return superior is not None and context.session.scalar(found.where(superior).limit(1)) is not None


def given_until(context: Context, roles: RoleBook, role: str, path: UnitPath) -> datetime | None:
    """Return until when a role that the actor gives at a unit holds: nobody gives for longer than he has; None for ever."""
    return roles.until(role, context.actor.access, path)


def roles_present(selected: ColumnElement[bool], now: datetime) -> Select[str]:
    """Return the select of the roles that the selected users hold."""
    chosen = _chosen(selected)
    return select(Grant.role_key).distinct().join(chosen, chosen.c.id == Grant.user_id).where(live(Grant.expires_at, now))


def owners(context: Context) -> frozenset[int] | None:
    """Return the ids of all who own a unit, or None where they are many: then it is as well to ask of each; one statement."""
    rows = select(Grant.user_id).distinct().where(Grant.role_key.in_(context.registry.owner_roles), live(Grant.expires_at, context.now))
    found = frozenset(context.session.scalars(rows.limit(MOST_OWNERS + 1)))
    return found if len(found) <= MOST_OWNERS else None


def owned_units(context: Context, user_ids: Sequence[int]) -> Select[int]:
    """Return the select that locks, in the order of their ids, the units of which one of these users is an owner.

    The lock keeps others from taking it too, and lets them refer to the unit meanwhile. The grants are looked up user by user: owners are
    few, and PostgreSQL would read all grants to find them.
    """
    users = each(user_ids)
    owner = (Grant.role_key.in_(context.registry.owner_roles), live(Grant.expires_at, context.now))
    owned = select(Grant.unit_id).where(Grant.user_id == users.c.id, *owner).offset(literal_column("0")).correlate(users).lateral()
    units = select(owned.c.unit_id).select_from(users.join(owned, true()))
    return select(Unit.id).where(Unit.id.in_(units)).order_by(Unit.id).with_for_update(key_share=True)


def _chosen(selected: ColumnElement[bool]) -> CTE:
    """Return the ids of the selected users, found first: PostgreSQL would read all grants to find out whose they are."""
    return select(User.id).where(selected).cte("chosen").prefix_with("MATERIALIZED", dialect="postgresql")


def _refusals(context: Context, change: SetChange, standing: Standing) -> Sequence[tuple[ColumnElement[bool], type[Refusal]]]:
    refusals: list[tuple[ColumnElement[bool], type[Refusal]]] = []
    actor = context.actor
    if actor.user_id is not None and not change.on_own_account:
        refusals.append((User.id == actor.user_id, OwnAccount))
    reach = Scope(actor.access.reach(*change.requires))
    if not change.on_guests and not reach.everything:
        refusals.append((not_(at_home(reach, context.name, standing.shape)), NotAtHome))
    superior = _superior(context, change.strength, reach, standing)
    if superior is not None:
        refusals.append((superior, Superior))
    unseated = _last_owner(context, change, standing)
    if unseated is not None:
        refusals.append((unseated, LastOwner))
    removed = change.removes(context) if context.rules.founder_protected else None
    if removed is not None:
        refusals.append((and_(removed, founder(context.registry.owner_roles, context.now, context.name)), Founder))
    return refusals


def _superior(context: Context, strength: Strength, reach: Scope, standing: Standing) -> ColumnElement[bool] | None:
    """Return the condition that the target holds a grant that the actor is not at or above, at that grant's unit."""
    if strength is Strength.HARMLESS:
        return None
    held = aliased(Grant)
    looked_at = None if reach.everything or strength is not Strength.CONTAIN else reach
    among_units = partial(in_units, held.unit_id, name=context.name, shape=standing.shape)
    above_own = [
        and_(held.role_key.in_(keys), or_(*there))
        for dominated, keys in _by_dominated(context, standing).items()
        if (there := _beyond(held, Scope(dominated), looked_at, among_units))
    ]
    if not above_own:
        return None
    rows: Select[Any] = select(literal_column("1")).select_from(held)
    rows = rows.where(held.user_id == User.id, live(held.expires_at, context.now), or_(*above_own))
    return probe(rows.correlate(User), context.name)


def _beyond(
    held: type[Grant], dominated: Scope, looked_at: Scope | None, among_units: Callable[[Select[int]], ColumnElement[bool]]
) -> Sequence[ColumnElement[bool]]:
    """Return the conditions, one of which holds of a grant outside what is dominated; if only a scope is looked at, in it or above it."""
    outside = select(Unit.id).where(not_(within(Unit.path, dominated.paths)))
    if looked_at is None:
        return () if dominated.everything else (among_units(outside),)
    above = {path.ids[-1] for top in looked_at.paths for path in _above(top) if not dominated.covers(path)}
    inside = [top for top in looked_at.paths if not dominated.covers(top)]
    conditions: list[ColumnElement[bool]] = [held.unit_id.in_(sorted(above))] if above else []
    return [*conditions, among_units(outside.where(within(Unit.path, inside)))] if inside else conditions


def _by_dominated(context: Context, standing: Standing) -> dict[tuple[UnitPath, ...], list[str]]:
    """Return the roles held, by the subtrees in which the actor is at or above them; roles that give nothing are left out."""
    groups: dict[tuple[UnitPath, ...], list[str]] = {}
    for key in sorted(standing.role_keys):
        vector = standing.roles.vector_of(key)
        if any(vector):
            groups.setdefault(context.actor.access.dominates(vector), []).append(key)
    return groups


def _above(path: UnitPath) -> Sequence[UnitPath]:
    return [UnitPath.of(*path.ids[:depth]) for depth in range(1, len(path.ids))]


def _last_owner(context: Context, change: SetChange, standing: Standing) -> ColumnElement[bool] | None:
    """Return the condition that the target's going leaves a unit without an owner who can sign in.

    Another owner counts if he is outside the selection, or comes later in it: so a whole selection is judged as if done one by one. Where all
    owners are known, the others are looked up among them, and not among all who hold something at the unit.
    """
    theirs, others, other = aliased(Grant), aliased(Grant), aliased(User)
    unseats = change.unseats(context, theirs.unit_id)
    if unseats is None:
        return None
    roles = sorted(context.registry.owner_roles)
    known = true() if standing.owners is None else others.user_id.in_(sorted(standing.owners))
    him: Select[Any] = select(literal_column("1")).select_from(User).where(User.id == other.id, standing.selected)
    inside = probe(him.correlate(other), context.name)  # asked of the few other owners only, whatever the size of the selection
    remaining: Select[Any] = (
        select(literal_column("1"))
        .select_from(others)
        .join(other, other.id == others.user_id)
        .where(
            others.unit_id == theirs.unit_id,
            others.role_key.in_(roles),
            known,
            live(others.expires_at, context.now),
            others.user_id != theirs.user_id,
            other.status == Status.ACTIVE,
            or_(others.user_id > theirs.user_id, not_(inside)),
        )
        .correlate(theirs)
    )
    owned: Select[Any] = select(literal_column("1")).where(
        theirs.user_id == User.id,
        theirs.role_key.in_(roles),
        live(theirs.expires_at, context.now),
        unseats,
        not_(probe(remaining, context.name)),
    )
    owner = probe(owned.correlate(User), context.name)
    return owner if standing.owners is None else and_(User.id.in_(sorted(standing.owners)), owner)
