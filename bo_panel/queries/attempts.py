"""Tries with a wrong password, where they keep somebody from signing in."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from bo_panel.models import Attempt


class Blocked(NamedTuple):
    """Until when nobody can sign in with a name: from anywhere, and from one address; None for no such moment."""

    everywhere: datetime | None = None
    from_one: datetime | None = None


def blocked_until(session: Session, accounts: Iterable[str], now: datetime) -> Blocked:
    """Return until when one of these names is blocked. One statement."""
    digests = sorted(accounts)
    of_name = Attempt.key.in_(digests)
    moments = (case((of_name, Attempt.blocked_until)), case((~of_name, Attempt.blocked_until)))
    theirs = or_(of_name, Attempt.account.in_(digests))
    return Blocked(*session.execute(select(*map(func.max, moments)).where(theirs, Attempt.blocked_until > now)).one())
