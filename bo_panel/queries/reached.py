"""How many units of a kind users have access to: through a grant at each, or above them, and so at those to come."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, literal, select, true
from sqlalchemy.orm import Session, aliased

from bo_panel.domain.units import UnitPath
from bo_panel.models import Grant, Unit
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.sql import live, rows_of, within
from bo_panel.queries.users import HeldRole
from bo_panel.queries.visible import Scope

Counts = Mapping[tuple[int, str], int]


def units_reached(
    session: Session, scope: Scope, kinds: Collection[str], held: tuple[Mapping[int, Sequence[HeldRole]], RoleBook], now: datetime
) -> Counts:
    """Return how many units of each kind users have access to, by user id and kind, so far as the scope shows why; one statement, or none.

    `held` are their live grants in scope, and the book of roles; a role that gives nothing gives access to nothing.
    """
    grants, roles = held
    keys = {grant.role_key for theirs in grants.values() for grant in theirs if any(roles.vector_of(grant.role_key))}
    if not kinds or not keys:
        return {}
    values = {"user_ids": sorted(grants), "roles": sorted(keys), "kinds": sorted(kinds), "now": now}
    return {(row.user_id, row.kind): row.units for row in rows_of(session, _reached(scope.paths), values)}


@lru_cache(maxsize=500)
def _reached(paths: tuple[UnitPath, ...]) -> Any:
    held_at, unit = aliased(Unit), aliased(Unit)
    end = func.substr(held_at.path, 1, func.length(held_at.path) - 1).concat(literal("0"))  # as UnitPath.end
    visible = true() if Scope(paths).everything else within(held_at.path, paths)
    return (
        select(Grant.user_id, unit.kind, func.count(unit.id.distinct()).label("units"))
        .join(held_at, held_at.id == Grant.unit_id)
        .join(unit, (unit.path >= held_at.path) & (unit.path < end))
        .where(Grant.user_id.in_(bindparam("user_ids", expanding=True)), Grant.role_key.in_(bindparam("roles", expanding=True)))
        .where(live(Grant.expires_at, bindparam("now", type_=Grant.expires_at.type)), visible)
        .where(unit.kind.in_(bindparam("kinds", expanding=True)))
        .group_by(Grant.user_id, unit.kind)
    )
