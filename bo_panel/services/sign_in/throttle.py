"""Tries with a password, counted per account name and address, per address, and per account name, known or not."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, delete, literal, null, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bo_panel.domain.identifiers import key
from bo_panel.models import Attempt
from bo_panel.queries.sql import POSTGRESQL, dialect

SPREAD = 20
"""How many times more tries with one name are looked at from everywhere than from one address."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """How many failures are too many, within which window, and how long one has to wait then."""

    per_account: int
    per_address: int
    window: timedelta
    wait: timedelta

    def keys(self, name: str, address: str) -> dict[str, int]:
        """Return what tries are counted under, with the limit of each; spellings of one name share a count.

        From one address few tries are made with a name. The count over all addresses has a wide limit, so that a stranger does not lock
        somebody out, and many strangers do not get far.
        """
        account = key(name)
        return {
            _digest("address", address): self.per_address,
            _digest("account from address", f"{account}\x00{address}"): self.per_account,
            of_account(name): self.per_account * SPREAD,
        }

    def own(self, user_id: int) -> dict[str, int]:
        """Return what tries with the current password of somebody signed in are counted under."""
        return {_digest("own password", str(user_id)): self.per_account}

    def admit(self, session: Session, keys: dict[str, int], now: datetime) -> datetime | None:
        """Count one try, and return None if it may be made, or until when nobody may try with this name or from this address.

        Counting decides, so that parallel tries cannot slip past the limit. The try that reaches a limit is the last one; a count
        begins anew after its window and after its block. What is refused does not prolong a block, and one address that is
        blocked does not block accounts.
        """
        _address, *accounts = keys
        for counted, limit in keys.items():
            blocked_until = self._count(session, Attempt(key=counted, account=accounts[-1] if counted in accounts else None), limit, now)
            if blocked_until is not None:
                return blocked_until
        return None

    def forgive(self, session: Session, keys: dict[str, int]) -> None:
        """Take a successful try out of the counts: the account's begin anew, the address's is one lower."""
        address, *accounts = keys
        still_blocked = case((Attempt.failures > self.per_address, Attempt.blocked_until), else_=null())
        session.execute(update(Attempt).where(Attempt.key == address).values(failures=Attempt.failures - 1, blocked_until=still_blocked))
        self.clear(session, accounts)

    def clear(self, session: Session, keys: Iterable[str]) -> None:
        """Begin these counts anew."""
        session.execute(delete(Attempt).where(Attempt.key.in_(sorted(keys))))

    def _count(self, session: Session, counted: Attempt, limit: int, now: datetime) -> datetime | None:
        insert = postgresql.insert if dialect(session) == POSTGRESQL else sqlite.insert
        wait_until, anew = now + self.wait, or_(Attempt.since < now - self.window, Attempt.blocked_until <= now)
        first = wait_until if limit <= 1 else None
        full = and_(Attempt.blocked_until.is_(None), Attempt.failures + 1 >= limit)
        changes = {
            "failures": case((anew, 1), else_=Attempt.failures + 1),
            "since": case((anew, now), else_=Attempt.since),
            "blocked_until": case((anew, literal(first, Attempt.blocked_until.type)), (full, wait_until), else_=Attempt.blocked_until),
        }
        row = insert(Attempt).values(key=counted.key, account=counted.account, failures=1, since=now, blocked_until=first)
        told = row.on_conflict_do_update(index_elements=[Attempt.key], set_=changes).returning(Attempt.failures, Attempt.blocked_until)
        failures, blocked_until = session.execute(told, execution_options={"populate_existing": True}).one()
        return blocked_until if failures > limit else None


def of_account(name: str) -> str:
    """Return what tries with a name are counted under, from wherever they are made."""
    return _digest("account", key(name))


def _digest(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}\x00{value}".encode()).hexdigest()
