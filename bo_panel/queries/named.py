"""Users by what people call them: an id, a user name or an e-mail address."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bo_panel.domain.identifiers import key
from bo_panel.models import User
from bo_panel.queries.sql import dialect
from bo_panel.queries.visible import Scope, visible

LONGEST_ID = 18


def is_id(text: str) -> bool:
    """Return whether a text can be an id: nothing but digits, and not too many for a database or for Python."""
    return text.isascii() and text.isdigit() and len(text) < LONGEST_ID


def users_named(session: Session, scope: Scope, names: Iterable[str], now: datetime) -> Mapping[str, int]:
    """Return the ids of those of the names that somebody in scope has; a user name goes before an e-mail, and that before an id."""
    wanted = {name: key(name) for name in names}
    numbers = [int(name) for name in wanted if is_id(name)]
    keys = sorted(set(wanted.values()))
    rows = session.execute(
        select(User.id, User.user_name_key, User.email_key)
        .where(or_(User.user_name_key.in_(keys), User.email_key.in_(keys), User.id.in_(numbers)))
        .where(User.deleted_at.is_(None), visible(scope, now, dialect(session)))
    ).all()
    by_id = {str(row.id): row.id for row in rows}
    by_key = {row.email_key: row.id for row in rows} | {row.user_name_key: row.id for row in rows}
    found = {name: by_key.get(wanted[name], by_id.get(name)) for name in wanted}
    return {name: user_id for name, user_id in found.items() if user_id is not None}
