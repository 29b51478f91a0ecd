"""Roles that a unit owns: made, changed and removed by those who administer roles there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select, update

from bo_panel.domain.access import Vector, at_or_below
from bo_panel.domain.errors import (
    AboveOwnAccess,
    Invalid,
    NotAllowed,
    NotAlone,
    NotFound,
    OwnRole,
    Refusal,
    RoleHeld,
    RoleHeldAbove,
    RoleHeldThere,
    StaleRole,
)
from bo_panel.models import Grant, Role, User
from bo_panel.queries.owned_roles import OwnedRole, held_outside, kinds_held_at, owned_role, users_holding
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.sql import live
from bo_panel.queries.units import Place, places
from bo_panel.queries.visible import Scope
from bo_panel.services.changes.fields import named
from bo_panel.services.changes.levels import check_for_good, checked_levels
from bo_panel.services.engine import Context, Needs, SingleChange, Trail
from bo_panel.services.exclusive_roles import held_beside
from bo_panel.services.guard import superior_among

OWN = "own:"
"""Before the key of a role that somebody made; what follows is never given again, so that no grant left behind comes to life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRole(SingleChange):
    """Make a role that is on offer at a unit and beneath; no kinds of units named: it can be held at any."""

    unit_id: int
    name: str
    levels: Mapping[str, str]
    unit_kinds: tuple[str, ...] = ()

    key = "roles.create"
    requires = Needs("roles", "edit")

    def notice(self) -> Mapping[str, Any]:
        """Return what is made where."""
        return {"unit": self.unit_id, "name": self.name, "levels": dict(self.levels), "unit_kinds": list(self.unit_kinds)}

    def run(self, context: Context) -> Sequence[Trail]:
        """Make it; raise when it would give more than the actor holds at the unit for good."""
        unit = _administered(context, places(context.session, (self.unit_id,)).get(self.unit_id))
        name, levels = named(self.name), checked_levels(context.registry, self.levels, unit.kind)
        kinds = _checked_kinds(context, self.unit_kinds, unit)
        vector = context.registry.catalogue.vector(levels)
        _check_at_or_below(context, vector, unit, name)
        check_for_good(context, vector, unit.path, name)
        values = {"label": name, "levels": levels, "unit_kinds": list(kinds)}
        context.session.add(Role(key=OWN + uuid4().hex, unit_id=unit.id, created_at=context.now, **values))
        context.session.flush()
        return [Trail("roles.created", unit.id, None, {}, {"name": name, "levels": levels, "kinds": list(kinds)})]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRole(SingleChange):
    """Give a role another name, other levels, or other kinds of units where it can be held.

    `expected_version` is what a form was filled with; a role that somebody else saved since is refused as stale.
    """

    role: str
    name: str
    levels: Mapping[str, str]
    unit_kinds: tuple[str, ...] = ()
    expected_version: int | None = None

    key = "roles.edit"
    requires = Needs("roles", "edit")

    def notice(self) -> Mapping[str, Any]:
        """Return the role and what becomes of it."""
        return {"role": self.role, "name": self.name, "levels": dict(self.levels), "unit_kinds": list(self.unit_kinds)}

    def run(self, context: Context) -> Sequence[Trail]:
        """Change it, unless it is so already; what everybody gains and loses by it is guarded like giving and taking."""
        role = _held_still(context, self.role, self.expected_version)
        name, levels = named(self.name), self._levels(context, role)
        kinds = _checked_kinds(context, self.unit_kinds, role.owner)
        before = {"name": role.label, "levels": dict(role.levels), "kinds": list(role.unit_kinds)}
        after = {"name": name, "levels": levels, "kinds": list(kinds)}
        changed = {key: value for key, value in after.items() if value != before[key]}
        if not changed:
            return []
        _check_change(context, role, levels)
        self._check_places(context, role, kinds)
        values = {"label": name, "levels": levels, "unit_kinds": list(kinds), "version": Role.version + 1}
        context.session.execute(update(Role).where(Role.key == role.key).values(values))
        was = {key: before[key] for key in changed}
        return [Trail("roles.edited", role.owner.id, None, {"role": role.key, **was}, {"role": role.key, **changed})]

    def _levels(self, context: Context, role: OwnedRole) -> dict[str, str]:
        """Return the new levels, with what the role has of things that nobody can choose there."""
        known = {resource.key for resource in context.registry.resources_at(role.owner.kind)}
        kept = {key: level for key, level in role.levels.items() if key not in known}
        return kept | checked_levels(context.registry, self.levels, role.owner.kind)

    def _check_places(self, context: Context, role: OwnedRole, kinds: Sequence[str]) -> None:
        if not kinds or set(kinds) == set(role.unit_kinds):
            return
        lost = sorted(kinds_held_at(context.session, role.key, context.now) - set(kinds))
        if lost:
            known = context.registry.kinds.get(lost[0])
            raise RoleHeldThere("kinds", role=role.label, kind=known.label if known else lost[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveRole(SingleChange):
    """Remove a role that nobody holds."""

    role: str
    expected_version: int | None = None

    key = "roles.remove"
    requires = Needs("roles", "edit")

    def notice(self) -> Mapping[str, Any]:
        """Return the role."""
        return {"role": self.role}

    def run(self, context: Context) -> Sequence[Trail]:
        """Remove it; raise while somebody holds it, and where it gives more than the actor holds."""
        role = _held_still(context, self.role, self.expected_version)
        _check_at_or_below(context, context.registry.catalogue.vector(role.levels), role.owner, role.label)
        count = users_holding(context.session, role.key, context.now)
        if count:
            raise RoleHeld(role=role.label, count=count)
        context.session.execute(delete(Role).where(Role.key == role.key))
        before = {"role": role.key, "name": role.label, "levels": dict(role.levels), "kinds": list(role.unit_kinds)}
        return [Trail("roles.removed", role.owner.id, None, before, {})]


def _administered(context: Context, unit: Place | None) -> Place:
    """Return the unit; raise NotFound where the actor may not look at its roles, and NotAllowed where he may not change them."""
    if unit is None or not context.actor.access.allows("roles", "view", unit.path):
        raise NotFound
    if not context.actor.access.allows("roles", "edit", unit.path):
        raise NotAllowed(where=unit.name)
    return unit


def _held_still(context: Context, key: str, expected: int | None) -> OwnedRole:
    """Return a role that nobody else changes meanwhile."""
    role = owned_role(context.session, key, lock=True)
    if role is None:
        raise NotFound
    _administered(context, role.owner)
    if expected not in (None, role.version):
        raise StaleRole
    return role


def _check_change(context: Context, role: OwnedRole, levels: Mapping[str, str]) -> None:
    """Raise unless the actor could take what the role gives and give what it is to give, wherever it is held or on offer."""
    vector, access = context.registry.catalogue.vector, context.actor.access
    old, new = vector(role.levels), vector(levels)
    for path, name in [(role.owner.path, role.owner.name), *((path, "") for path in held_outside(context.session, role, context.now))]:
        if not at_or_below(old, access.at(path)) or not at_or_below(new, access.at(path)):
            raise _too_high(role.label, name)
        if not at_or_below(new, old):
            check_for_good(context, new, path, role.label)
    if new == old:
        return
    if any(held.role == role.key for held in access.held):
        raise OwnRole(role=role.label)
    holding = User.id.in_(select(Grant.user_id).where(Grant.role_key == role.key, live(Grant.expires_at, context.now)))
    if superior_among(context, Scope(access.reach("roles", "edit")), holding):
        raise RoleHeldAbove(role=role.label)
    beside = None if any(old) else held_beside(context, RoleBook(context.registry, levels={role.key: levels}), role.key, ())
    if beside is not None and context.session.scalar(select(User.id).where(holding, beside).limit(1)) is not None:
        raise NotAlone("levels")


def _check_at_or_below(context: Context, vector: Vector, unit: Place, role: str) -> None:
    if not at_or_below(vector, context.actor.access.at(unit.path)):
        raise _too_high(role, unit.name)


def _too_high(role: str, unit: str) -> Refusal:
    return AboveOwnAccess("levels", role=role, unit=unit or "a place where it is held")


def _checked_kinds(context: Context, kinds: Sequence[str], unit: Place) -> tuple[str, ...]:
    """Return the kinds in the order of the deployment; raise Invalid for one that stands neither at the unit nor beneath."""
    there = {unit.kind, *context.registry.kinds_beneath(unit.kind)}
    if not there.issuperset(kinds):
        raise Invalid("kinds", reason=f"Choose kinds of units that there are at {unit.name} or beneath.")
    return tuple(kind for kind in context.registry.kinds if kind in kinds)
