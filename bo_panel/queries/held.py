"""What one user holds, with the units around: what a form about him shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, select, true
from sqlalchemy.orm import Session, aliased

from bo_panel.domain.access import MEMBER
from bo_panel.domain.units import UnitPath
from bo_panel.models import Grant, Unit
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.reached import Beneath, counted, counting
from bo_panel.queries.sql import live, within
from bo_panel.queries.units import Place
from bo_panel.queries.visible import Scope


@dataclass(frozen=True, slots=True)
class Holdings:
    """The live grants of a user, so far as the person asking may see them."""

    grants: Sequence[HeldRole]
    places: Mapping[int, Place]
    """Their units, and those directly above them, by id."""
    beneath: Beneath


def holdings(session: Session, scope: Scope, user_id: int, kinds: Sequence[str], now: datetime) -> Holdings:
    """Return what a user holds in scope, and how many units of these kinds lie beneath each grant; one statement."""
    above = aliased(Unit)
    here = (Unit.id, Unit.name, Unit.kind, Unit.path)
    visible = true() if scope.everything else within(Unit.path, scope.paths)
    counts = [case((Grant.role_key == MEMBER, 0), else_=count) for count in counting(kinds)]
    rows = session.execute(
        select(Grant.role_key, *here, above.id, above.name, above.kind, above.path, *counts)
        .join_from(Grant, Unit, Unit.id == Grant.unit_id)
        .outerjoin(above, above.id == Unit.parent_id)
        .where(Grant.user_id == user_id, live(Grant.expires_at, now), visible)
        .order_by(Unit.sort_name, Grant.id)
    ).all()
    places, beneath = dict[int, Place](), dict[tuple[int, str], int]()
    for role_key, *units in rows:
        places |= {place.id: place for place in (*_place(units[4:8]), *_place(units[:4])) if scope.covers(place.path)}
        beneath |= counted(units[0], role_key, kinds, units[8:])
    grants = [HeldRole(role_key, unit_id, name, kind, UnitPath(path)) for role_key, unit_id, name, kind, path, *_rest in rows]
    return Holdings(grants, places, beneath)


def _place(columns: Sequence[Any]) -> Sequence[Place]:
    unit_id, name, kind, path = columns
    return () if unit_id is None else (Place(unit_id, name, kind, UnitPath(path)),)
