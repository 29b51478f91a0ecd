"""How many units of a kind users have access to: through a grant at each, or above them, and so at those to come."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import SQLColumnExpression, bindparam, func, literal, select, true
from sqlalchemy.orm import Session, aliased

from bo_panel.domain.access import MEMBER
from bo_panel.domain.units import UnitPath, minimal
from bo_panel.models import Grant, Unit
from bo_panel.queries.grants import HeldRole, roles_held
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.sql import kept, live, rows_of, within
from bo_panel.queries.visible import Scope

Held = Mapping[int, Sequence[HeldRole]]
Beneath = Mapping[tuple[int, str], int]
"""How many units of a kind there are at and beneath a unit where something is held, by its id and the kind."""
Counts = Mapping[tuple[int, str], int]
"""How many units of a kind a user has access to, by his id and the kind."""


def units_reached(held: Held, beneath: Beneath, roles: RoleBook) -> Counts:
    """Return how many units users have access to, each counted once; a role that gives nothing gives access to nothing."""
    found: Counter[tuple[int, str]] = Counter()
    for user_id, grants in held.items() if beneath else ():
        places = {grant.unit_path: grant.unit_id for grant in grants if any(roles.vector_of(grant.role_key))}
        topmost = {places[path] for path in minimal(places)}
        found.update({(user_id, kind): 0 for _unit_id, kind in beneath})
        for (unit_id, kind), units in beneath.items():
            found[user_id, kind] += units if unit_id in topmost else 0
    return found


def held_and_counted(session: Session, scope: Scope, user_ids: Sequence[int], kinds: Sequence[str], now: datetime) -> tuple[Held, Beneath]:
    """Return the live grants in scope of these users, and how many units of these kinds lie beneath each; one statement."""
    if not user_ids or not kinds:
        return roles_held(session, scope, user_ids, now), {}
    held, beneath = defaultdict[int, list[HeldRole]](list), dict[tuple[int, str], int]()
    rows = rows_of(session, _counted(scope.paths, tuple(kinds)), {"user_ids": user_ids, "now": now})
    for user_id, role_key, unit_id, name, kind, path, *counts in rows:
        held[user_id].append(HeldRole(role_key, unit_id, name, kind, UnitPath(path)))
        beneath |= counted(unit_id, role_key, kinds, counts)
    return held, beneath


def counting(kinds: Sequence[str]) -> Sequence[SQLColumnExpression[int]]:
    """Return a column for each kind: how many there are at and beneath the unit of the row."""
    inside = aliased(Unit)
    end = func.substr(Unit.path, 1, func.length(Unit.path) - 1).concat(literal("0"))  # as UnitPath.end
    there = select(func.count()).select_from(inside).where(inside.path >= Unit.path, inside.path < end)
    return [there.where(inside.kind == kind).correlate(Unit).scalar_subquery().label(f"count_{at}") for at, kind in enumerate(kinds)]


def counted(unit_id: int, role_key: str, kinds: Sequence[str], counts: Sequence[int]) -> Beneath:
    """Return what the columns of `counting` tell of one grant; being a member gives access to nothing, and is not asked for."""
    return {} if role_key == MEMBER else {(unit_id, kind): count for kind, count in zip(kinds, counts, strict=True)}


@kept
def _counted(paths: tuple[UnitPath, ...], kinds: tuple[str, ...]) -> Any:
    theirs, still = Grant.user_id.in_(bindparam("user_ids", expanding=True)), live(Grant.expires_at, bindparam("now", type_=Grant.expires_at.type))
    visible = true() if Scope(paths).everything else within(Unit.path, paths)
    some = select(Grant.unit_id).where(theirs, still, Grant.role_key != MEMBER)
    once = select(Unit.id, *counting(kinds)).where(Unit.id.in_(some)).cte("beneath").prefix_with("MATERIALIZED")
    counts = [column for column in once.c if column.name != "id"]
    rows = select(Grant.user_id, Grant.role_key, Unit.id, Unit.name, Unit.kind, Unit.path, *counts)
    rows = rows.join_from(Grant, Unit, Unit.id == Grant.unit_id).outerjoin(once, once.c.id == Unit.id)
    return rows.where(theirs, still, visible).order_by(Unit.sort_name, Grant.id)
