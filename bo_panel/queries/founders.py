"""Who signed a unit up: its first owner, by the e-mail address that he came with."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, select
from sqlalchemy.orm import aliased

from bo_panel.models import Grant, Unit, User
from bo_panel.queries.sql import live, probe


def founder(owner_roles: Collection[str], now: datetime, name: str) -> ColumnElement[bool]:
    """Return the condition on `user` that he signed up the unit where he is at home, with the address he has still, and owns it still."""
    held, home = aliased(Grant), aliased(Unit)
    rows: Select[Any] = (
        select(literal_column("1"))
        .select_from(home)
        .join(held, held.unit_id == home.id)
        .where(home.id == User.home_id, home.founder_email_key == User.email_key)
        .where(held.user_id == User.id, held.role_key.in_(sorted(owner_roles)), live(held.expires_at, now))
    )
    return probe(rows.correlate(User), name)
