"""What one user holds, with the units above those where he holds it: what a form about him shows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, true
from sqlalchemy.orm import Session, aliased

from bo_panel.domain.units import UnitPath
from bo_panel.models import Grant, Unit
from bo_panel.queries.sql import live, within
from bo_panel.queries.units import Place
from bo_panel.queries.users import HeldRole
from bo_panel.queries.visible import Scope


def held_and_above(session: Session, scope: Scope, user_id: int, now: datetime) -> tuple[Sequence[HeldRole], Mapping[int, Place]]:
    """Return the live grants in scope of a user, and their units with those directly above them that are in scope, by id; one statement."""
    above = aliased(Unit)
    columns = (Grant.role_key, Unit.id, Unit.name, Unit.kind, Unit.path)
    visible = true() if scope.everything else within(Unit.path, scope.paths)
    rows = session.execute(
        select(*columns, above.id.label("above_id"), above.name.label("above_name"), above.kind.label("above_kind"), above.path.label("above_path"))
        .join_from(Grant, Unit, Unit.id == Grant.unit_id)
        .outerjoin(above, above.id == Unit.parent_id)
        .where(Grant.user_id == user_id, live(Grant.expires_at, now), visible)
        .order_by(Unit.sort_name, Grant.id)
    ).all()
    held = [HeldRole(row.role_key, row.id, row.name, row.kind, UnitPath(row.path)) for row in rows]
    known = {row.above_id: Place(row.above_id, row.above_name, row.above_kind, UnitPath(row.above_path)) for row in rows if row.above_id}
    known |= {grant.unit_id: Place(grant.unit_id, grant.unit_name, grant.unit_kind, grant.unit_path) for grant in held}
    return held, {unit_id: place for unit_id, place in known.items() if scope.covers(place.path)}
