"""The roles that are held alone, asked of everything that gives a role: of what is given together, and of what is held then."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal_column, not_, or_, select, true
from sqlalchemy.orm import aliased

from bo_panel.domain.errors import NotAlone
from bo_panel.hooks.registry import Registry
from bo_panel.models import Grant, Role, User
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.sql import live, probe
from bo_panel.services.engine.context import Context

Places = tuple[str, Collection[int] | None]
"""A role, and the units where it is held; None for wherever that is."""


def check_alone(roles: RoleBook, given: Collection[str]) -> None:
    """Raise NotAlone where one of these roles is held alone, and there are others that give something."""
    if len(given) > 1 and roles.registry.exclusive_roles & set(given) and sum(any(roles.vector_of(key)) for key in given) > 1:
        raise NotAlone


def held_beside(context: Context, roles: RoleBook, role: str, leaving: Collection[Places]) -> ColumnElement[bool] | None:
    """Return the condition on `user` that he holds another role which this one is not held beside; None where there is none.

    Toggles are no roles here. `leaving` is what is taken in the same transaction.
    """
    exclusive = context.registry.exclusive_roles
    if not exclusive or not any(roles.vector_of(role)) or role in context.registry.toggles:
        return None
    held = aliased(Grant)
    other = _gives_something(context.registry, held) if role in exclusive else held.role_key.in_(sorted(exclusive))
    rows: Select[Any] = select(literal_column("1")).select_from(held).where(held.user_id == User.id, held.role_key != role, other)
    for key, unit_ids in leaving:
        there = true() if unit_ids is None else held.unit_id.in_(sorted(unit_ids))
        rows = rows.where(not_(and_(held.role_key == key, there)))
    return probe(rows.where(live(held.expires_at, context.now)).correlate(User), context.name)


def _gives_something(registry: Registry, held: type[Grant]) -> ColumnElement[bool]:
    """Return the condition that a grant is of a role that there is, and that gives anything."""
    declared = sorted(key for key, vector in registry.vectors.items() if any(vector) and key not in registry.toggles)
    return or_(held.role_key.in_(declared), held.role_key.in_(select(Role.key)))
