"""The roles that users hold, as they are shown."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, true
from sqlalchemy.orm import Session

from bo_panel.domain.units import UnitPath
from bo_panel.models import Grant, Unit
from bo_panel.queries.sql import among_given, dialect, kept, listed, live, rows_of, within
from bo_panel.queries.visible import Scope


class HeldRole(NamedTuple):
    """One grant of somebody, as it is shown."""

    role_key: str
    unit_id: int
    unit_name: str
    unit_kind: str
    unit_path: UnitPath


def roles_held(session: Session, scope: Scope, user_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[HeldRole]]:
    """Return the live grants in scope of these users, by user id; one statement."""
    if not user_ids:
        return {}
    held: dict[int, list[HeldRole]] = defaultdict(list)
    name = dialect(session)
    given = {"user_ids": listed(user_ids, name), "now": now}
    for user_id, role_key, unit_id, unit_name, kind, path in rows_of(session, _held_in(scope.paths, name), given):
        held[user_id].append(HeldRole(role_key, unit_id, unit_name, kind, UnitPath(path)))
    return held


@kept
def _held_in(paths: tuple[UnitPath, ...], name: str) -> Any:
    columns = (Grant.user_id, Grant.role_key, Unit.id, Unit.name, Unit.kind, Unit.path)
    theirs, still = among_given(Grant.user_id, "user_ids", name), live(Grant.expires_at, bindparam("now", type_=Grant.expires_at.type))
    rows = select(*columns).join(Unit, Unit.id == Grant.unit_id).where(theirs, still, true() if Scope(paths).everything else within(Unit.path, paths))
    return rows.order_by(Unit.sort_name, Grant.id)
