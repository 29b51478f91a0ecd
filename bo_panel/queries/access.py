"""What somebody holds: the live grants, read once."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bo_panel.domain.access import Access, Held
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.registry import Registry
from bo_panel.models import Grant, Role, Unit
from bo_panel.queries.roles import RoleBook, book_of_levels
from bo_panel.queries.sql import live


def access_of(session: Session, user_id: int, registry: Registry, now: datetime) -> Access:
    """Return the effective access of a user; one statement."""
    rows = session.execute(held_by(now).where(Grant.user_id == user_id)).all()
    return access_from(registry, rows)


def held_by(now: datetime) -> Any:
    """Return the select of live grants: path, role key, when it ends, and the levels of a stored role."""
    columns = (Unit.path, Grant.role_key, Grant.expires_at, Role.levels)
    return (
        select(*columns)
        .select_from(Grant)
        .join(Unit, Unit.id == Grant.unit_id)
        .outerjoin(Role, Role.key == Grant.role_key)
        .where(live(Grant.expires_at, now))
    )


def access_from(registry: Registry, rows: Iterable[Any]) -> Access:
    """Return the access that rows with `path`, `role_key`, `expires_at` and `levels` make up."""
    found = tuple(rows)
    book = book_of_levels(registry, {row.role_key: row.levels for row in found if row.levels is not None})
    return _access(book, tuple((row.path, row.role_key, row.expires_at) for row in found))


@lru_cache(maxsize=1_000)
def _access(book: RoleBook, grants: tuple[tuple[str, str, datetime | None], ...]) -> Access:
    """Return the access that these grants make up: the same for the same grants, so that what follows from it is worked out once."""
    held = tuple(Held(UnitPath(path), role, expires_at) for path, role, expires_at in grants)
    return Access(book.registry.catalogue, held, book.vector_of)
