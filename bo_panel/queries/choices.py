"""What the list of users can be narrowed by: homes and roles in sight, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, bindparam, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from bo_panel.domain.units import UnitPath
from bo_panel.hooks.registry import Registry
from bo_panel.models import Role, Unit
from bo_panel.queries.roles import RoleBook, StoredRole
from bo_panel.queries.sql import kept, one_of, rows_of, within
from bo_panel.queries.units import Place
from bo_panel.queries.visible import Scope


@dataclass(frozen=True, slots=True)
class Offered:
    """What the list can be narrowed by: units where accounts are at home, a unit that was named, and roles."""

    homes: Sequence[Place]
    named: Place | None
    roles: RoleBook


def homes_and_roles(session: Session, registry: Registry, scope: Scope, kinds: Sequence[str], limit: int, *, named: int = 0) -> Offered:
    """Return up to `limit` units of these kinds in scope by name, the unit in scope with the id `named`, and the roles that can be held there.

    These are the declared roles, and those owned inside the scope or above it.
    """
    rows = rows_of(session, _choices(scope.paths, tuple(kinds), limit), {"named": named})
    places: dict[str, list[Place]] = {"home": [], "named": []}
    for row in rows:
        if row.what in places:
            places[row.what].append(Place(row.id, row.label, row.key, UnitPath(row.path)))
    stored = {
        row.key: StoredRole(row.key, row.label, row.levels, tuple(row.unit_kinds), UnitPath(row.path)) for row in rows if row.what == "role"
    }
    return Offered(places["home"], next(iter(places["named"]), None), RoleBook(registry, stored))


@kept
def _choices(paths: tuple[UnitPath, ...], kinds: tuple[str, ...], limit: int) -> Any:
    nothing = cast(null(), JSON)
    above = sorted({unit_id for path in paths for unit_id in path.ids})
    homes = (
        select(
            literal("home").label("what"),
            Unit.id,
            Unit.kind.label("key"),
            Unit.name.label("label"),
            Unit.path,
            nothing.label("levels"),
            nothing.label("unit_kinds"),
            Unit.sort_name.label("sorted_by"),
        )
        .where(one_of(Unit.kind, kinds), within(Unit.path, paths))
        .order_by(Unit.sort_name, Unit.id)
        .limit(limit)
        .subquery("homes")
    )
    roles = (
        select(literal("role"), Role.id, Role.key, Role.label, Unit.path, Role.levels, Role.unit_kinds, Role.label)
        .join(Unit, Unit.id == Role.unit_id)
        .where(or_(within(Unit.path, paths), one_of(Unit.id, above)))
    )
    columns = (Unit.id, Unit.kind, Unit.name, Unit.path, nothing, nothing, Unit.sort_name)
    named = select(literal("named"), *columns).where(Unit.id == bindparam("named", type_=Unit.id.type), within(Unit.path, paths))
    both = union_all(select(homes), named, roles).subquery("both")
    return select(both).order_by(both.c.what, both.c.sorted_by, both.c.id)
