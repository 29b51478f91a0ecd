"""One user with what he holds and the units around: what a form about him shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, bindparam, case, cast, exists, select, true
from sqlalchemy.orm import Session, aliased

from bo_panel.domain.access import MEMBER
from bo_panel.domain.units import UnitPath
from bo_panel.models import Attempt, Credential, Grant, Unit, User
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.reached import Beneath, counted, counting
from bo_panel.queries.sql import dialect, kept, live, rows_of, within
from bo_panel.queries.units import Place
from bo_panel.queries.visible import Scope, visible


@dataclass(frozen=True, slots=True)
class Holdings:
    """The live grants of a user, so far as the person asking may see them."""

    grants: Sequence[HeldRole]
    places: Mapping[int, Place]
    """Their units, and those directly above them, by id."""
    beneath: Beneath


def holder(session: Session, scope: Scope, user_id: int, kinds: Sequence[str], now: datetime) -> tuple[Any, Holdings] | None:
    """Return the row of one user in scope, and what he holds there, with how many units of these kinds lie beneath each grant; one statement."""
    rows = rows_of(session, _holder(scope, tuple(kinds), dialect(session)), {"user_id": user_id, "now": now})
    return (rows[0], _holdings(scope, kinds, rows)) if rows else None


def _holdings(scope: Scope, kinds: Sequence[str], rows: Sequence[Any]) -> Holdings:
    grants, places, beneath = list[HeldRole](), dict[int, Place](), dict[tuple[int, str], int]()
    for role_key, unit_id, name, kind, path, *more in (row for row in rows if row.role_key is not None):
        held = HeldRole(role_key, unit_id, name, kind, UnitPath(path))
        grants.append(held)
        above_id, above_name, above_kind, above_path = more[:4]
        if above_id is not None and above_id not in places and scope.covers(UnitPath(above_path)):
            places[above_id] = Place(above_id, above_name, above_kind, UnitPath(above_path))
        places.setdefault(unit_id, Place(unit_id, name, kind, held.unit_path))
        beneath |= counted(unit_id, role_key, kinds, more[4 : 4 + len(kinds)])
    return Holdings(grants, places, beneath)


@kept
def _holder(scope: Scope, kinds: tuple[str, ...], name: str) -> Any:
    home, above, now = aliased(Unit), aliased(Unit), bindparam("now", type_=Grant.expires_at.type)
    columns = (
        *(User.id, User.user_name, User.email, User.email_deliverable, User.first_name, User.last_name, User.phone, User.status),
        *(User.last_sign_in, User.created_at, User.home_id, User.version, cast(User.profile, Text).label("profile")),
        *(home.name.label("home_name"), home.path.label("home_path"), home.kind.label("home_kind")),
        (home.founder_email_key == User.email_key).label("signed_home_up"),
        *(Credential.user_id.is_not(None).label("has_password"), Credential.must_change),
        exists().where(Attempt.blocked_until > now).label("somebody_blocked"),
    )
    held = (column.label(None) for unit in (Unit, above) for column in (unit.id, unit.name, unit.kind, unit.path))
    counts = [case((Grant.role_key == MEMBER, 0), else_=count) for count in counting(kinds)]
    return (
        select(Grant.role_key, *held, *counts, *columns)
        .select_from(User)
        .join(home, home.id == User.home_id)
        .outerjoin(Credential, Credential.user_id == User.id)
        .outerjoin(Grant, and_(Grant.user_id == User.id, live(Grant.expires_at, now), _inside(scope)))
        .outerjoin(Unit, Unit.id == Grant.unit_id)
        .outerjoin(above, above.id == Unit.parent_id)
        .where(User.id == bindparam("user_id", type_=User.id.type), User.deleted_at.is_(None), visible(scope, now, name))
        .order_by(Unit.sort_name, Grant.id)
    )


def _inside(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a grant is held in scope, asked of each grant: a join would begin with the units."""
    unit = aliased(Unit)
    return true() if scope.everything else exists().where(unit.id == Grant.unit_id, within(unit.path, scope.paths))
