"""How many users hold each role, where somebody may look."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from bo_panel.domain.units import UnitPath
from bo_panel.models import Grant, User
from bo_panel.queries.sql import kept, live, rows_of
from bo_panel.queries.visible import Scope

MANY_GRANTS = 10_000
"""So many grants are looked at; where there are more, what is counted is a part."""


@dataclass(frozen=True, slots=True)
class Holders:
    """How many users hold each role in a scope; `complete` unless there are too many grants to look at all of them."""

    users: Mapping[str, int] = field(default_factory=dict)
    complete: bool = True


def holders(session: Session, scope: Scope, now: datetime, *, most: int = MANY_GRANTS) -> Holders:
    """Return how many users hold each role at a unit in scope; one statement that looks at no more than so many grants."""
    rows = rows_of(session, _held(scope.paths, most), {"now": now})
    return Holders({row.role_key: row.users for row in rows}, sum(row.grants for row in rows) <= most)


@kept
def _held(paths: tuple[UnitPath, ...], most: int) -> Select[Any]:
    scope, still = Scope(paths), live(Grant.expires_at, bindparam("now", type_=Grant.expires_at.type))
    looked = select(Grant.role_key, Grant.user_id).join(User, User.id == Grant.user_id).where(still, User.deleted_at.is_(None))
    if not scope.everything:
        units = scope.gathering()
        looked = looked.join(units, units.c.id == Grant.unit_id)
    some = looked.limit(most + 1).subquery("some")
    return select(some.c.role_key, func.count(some.c.user_id.distinct()).label("users"), func.count().label("grants")).group_by(some.c.role_key)
