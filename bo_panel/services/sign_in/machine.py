"""From a name and a password to a session; one answer and one cost for whoever may not come in."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from bo_panel.domain.identifiers import key, tidy
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.ports import Clock, PasswordHasher
from bo_panel.hooks.registry import Registry
from bo_panel.models import AuditEvent, Credential, SignInSession, User
from bo_panel.queries.sessions import SignedIn, signed_in
from bo_panel.services.engine import writing, written
from bo_panel.services.sign_in.throttle import Throttle
from bo_panel.settings.sections import SignIn as Policy

log = structlog.get_logger()

TOUCH_AFTER = timedelta(minutes=1)
LONGEST_NAME = 320
LONGEST_PASSWORD = 1_024


@dataclass(frozen=True, slots=True)
class Welcome:
    """A new session: the secret for the cookie, shown once."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody was signed in; `wait_until` says from when another try is looked at."""

    wait_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """Signs people in and out, and knows who is signed in."""

    policy: Policy
    registry: Registry
    clock: Clock
    hasher: PasswordHasher

    def enter(self, session: Session, name: str, password: str, *, address: str = "", agent: str = "") -> Welcome | Refused:
        """Sign in; unknown, wrong and disabled are told the same and take as long."""
        now, throttle = self.clock.now(), self.throttle
        keys = throttle.keys(name[:LONGEST_NAME], address)
        blocked = written(session, partial(throttle.admit, session, keys, now))
        if blocked is not None:
            return _refused(address, blocked)
        account = self._account(session, name[:LONGEST_NAME])
        session.rollback()  # no transaction is held while the hash is computed
        fits = self.hasher.verify(account.password_hash if account else None, password[:LONGEST_PASSWORD])
        if account is None or not fits or account.status is not Status.ACTIVE:
            return _refused(address)
        token = secrets.token_urlsafe(32)
        browser = {"token_hash": digest(token), "address": address[:64], "agent": tidy(agent)[:200]}
        return Welcome(token) if written(session, partial(self._admit, session, account, browser, keys)) else _refused(address)

    def leave(self, session: Session, session_id: int) -> None:
        """End a session."""
        with writing(session):
            session.execute(delete(SignInSession).where(SignInSession.id == session_id))

    def who(self, session: Session, token: str, *, here: bool = True) -> SignedIn | None:
        """Return who holds this secret; None when the session ended, timed out, or its account can no longer sign in.

        With `here` false it is a page that asks by itself, which does not keep the session from ending.
        """
        now = self.clock.now()
        found = signed_in(session, self.registry, digest(token), now)
        if found is None or self._timed_out(found, now):
            return None
        if here and now - found.seen_at > TOUCH_AFTER:
            with writing(session):
                session.execute(update(SignInSession).where(SignInSession.id == found.session_id).values(seen_at=now))
        return found

    @property
    def throttle(self) -> Throttle:
        """What counts tries with passwords in this deployment."""
        policy = self.policy
        window, wait = timedelta(minutes=policy.attempt_window_minutes), timedelta(minutes=policy.block_minutes)
        return Throttle(policy.attempts_per_account, policy.attempts_per_address, window, wait)

    def _timed_out(self, found: SignedIn, now: datetime) -> bool:
        idle, whole = timedelta(minutes=self.policy.session_idle_minutes), timedelta(hours=self.policy.session_absolute_hours)
        return now - found.seen_at > idle or now - found.created_at > whole

    def _account(self, session: Session, name: str) -> Any | None:
        wanted = key(name)
        names: dict[str, ColumnElement[bool]] = {"username": User.user_name_key == wanted, "email": User.email_key == wanted}
        columns = (User.id, User.home_id, User.user_name, User.status, Credential.password_hash)
        rows = select(*columns).join(Credential, Credential.user_id == User.id)
        found = session.execute(rows.where(User.deleted_at.is_(None), or_(*(names[by] for by in self.policy.by)))).all()
        return _best(found, wanted)

    def _admit(self, session: Session, account: Any, browser: dict[str, str], keys: dict[str, int]) -> bool:
        """Open a session; return False if the account was disabled or its password changed while the hash was computed."""
        now = self.clock.now()
        same = exists().where(Credential.user_id == User.id, Credential.password_hash == account.password_hash)
        still = update(User).where(User.id == account.id, User.status == Status.ACTIVE, same).values(last_sign_in=now).returning(User.id)
        if session.scalar(still) is None:
            return False
        self.throttle.forgive(session, keys)
        session.execute(delete(SignInSession).where(SignInSession.created_at < now - timedelta(hours=self.policy.session_absolute_hours)))
        session.add(SignInSession(user_id=account.id, created_at=now, seen_at=now, **browser))
        who = {"actor_id": account.id, "actor_name": account.user_name, "user_id": account.id, "unit_id": account.home_id}
        session.add(AuditEvent(at=now, event="account.signed_in", before={}, after={"address": browser["address"]}, **who))
        return True


def _refused(address: str, until: datetime | None = None) -> Refused:
    """Return the answer, and leave a line in the log: from where, never with which name."""
    log.info("sign_in.refused", address=address, blocked=until is not None)
    return Refused(until)


def digest(token: str) -> str:
    """Return what is stored of a session's secret."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _best(found: Sequence[Any], wanted: str) -> Any | None:
    """Return the account whose user name it is before the one whose e-mail it is."""
    return next((row for row in found if key(row.user_name) == wanted), found[0] if found else None)
