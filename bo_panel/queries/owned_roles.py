"""A role that a unit owns, as whoever edits it needs to know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, not_, select
from sqlalchemy.orm import Session

from bo_panel.domain.units import UnitPath
from bo_panel.models import Grant, Role, Unit, User
from bo_panel.queries.sql import live, within
from bo_panel.queries.units import Place


@dataclass(frozen=True, slots=True)
class OwnedRole:
    """A role with the unit that owns it, and how many times it was saved."""

    key: str
    label: str
    levels: Mapping[str, str]
    unit_kinds: tuple[str, ...]
    owner: Place
    version: int


def owned_role(session: Session, key: str, *, lock: bool = False) -> OwnedRole | None:
    """Return the role with this key, or None when no unit owns one; locked, nobody else changes it meanwhile. One statement."""
    columns = (Role.label, Role.levels, Role.unit_kinds, Role.version, Unit.id, Unit.name, Unit.kind, Unit.path)
    rows = select(*columns).join(Unit, Unit.id == Role.unit_id).where(Role.key == key)
    found = session.execute(rows.with_for_update(of=Role) if lock else rows).one_or_none()
    if found is None:
        return None
    owner = Place(found.id, found.name, found.kind, UnitPath(found.path))
    return OwnedRole(key, found.label, found.levels, tuple(found.unit_kinds), owner, found.version)


def users_holding(session: Session, key: str, now: datetime) -> int:
    """Return how many users hold a role somewhere; one statement."""
    users = select(func.count(Grant.user_id.distinct())).join(User, User.id == Grant.user_id)
    return session.scalar(users.where(Grant.role_key == key, live(Grant.expires_at, now), User.deleted_at.is_(None))) or 0


def kinds_held_at(session: Session, key: str, now: datetime) -> frozenset[str]:
    """Return the kinds of units where somebody holds a role; one statement."""
    kinds = select(Unit.kind).distinct().join(Grant, Grant.unit_id == Unit.id)
    return frozenset(session.scalars(kinds.where(Grant.role_key == key, live(Grant.expires_at, now))))


def held_outside(session: Session, role: OwnedRole, now: datetime) -> frozenset[UnitPath]:
    """Return the units where a role is held that its owner does not cover: they were moved away. One statement."""
    paths = select(Unit.path).distinct().join(Grant, Grant.unit_id == Unit.id)
    there = (Grant.role_key == role.key, live(Grant.expires_at, now), not_(within(Unit.path, (role.owner.path,))))
    return frozenset(map(UnitPath, session.scalars(paths.where(*there))))
