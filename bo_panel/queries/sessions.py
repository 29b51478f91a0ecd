"""Who is signed in: session, account and access in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, literal_column, select
from sqlalchemy.orm import Session

from bo_panel.domain.access import Access
from bo_panel.domain.lifecycle import Status
from bo_panel.hooks.registry import Registry
from bo_panel.models import CONFIGURATION, CacheVersion, Credential, Grant, Role, SignInSession, Unit, User
from bo_panel.queries.access import access_from
from bo_panel.queries.sql import kept, live, rows_of


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser's session with the account behind it and what that may do."""

    session_id: int
    user_id: int
    user_name: str
    first_name: str
    last_name: str
    email: str | None
    home_name: str
    created_at: datetime
    seen_at: datetime
    must_change_password: bool
    access: Access
    configuration: int | None
    """The version of the configuration, to keep by what was read of it; None before any was set up."""

    @property
    def name(self) -> str:
        """The person's name, or the user name of somebody without one."""
        return f"{self.first_name} {self.last_name}".strip() or self.user_name


def signed_in(session: Session, registry: Registry, token_hash: str, now: datetime) -> SignedIn | None:
    """Return who has this session, or None when there is no such session or its account is not active."""
    rows = rows_of(session, _who(), {"token_hash": token_hash, "now": now})
    return _signed_in(registry, rows) if rows else None


def sessions_of(session: Session, user_id: int) -> Sequence[Any]:
    """Return the open sessions of a user, last used first; one statement."""
    columns = (SignInSession.id, SignInSession.created_at, SignInSession.seen_at, SignInSession.address, SignInSession.agent)
    return session.execute(select(*columns).where(SignInSession.user_id == user_id).order_by(SignInSession.seen_at.desc()).limit(50)).all()


def _signed_in(registry: Registry, rows: Sequence[Any]) -> SignedIn:
    first = rows[0]
    return SignedIn(
        session_id=first.id,
        user_id=first.user_id,
        user_name=first.user_name,
        first_name=first.first_name,
        last_name=first.last_name,
        email=first.email,
        home_name=first.home_name,
        created_at=first.created_at,
        seen_at=first.seen_at,
        must_change_password=bool(first.must_change),
        access=access_from(registry, (row for row in rows if row.path is not None)),
        configuration=first.configuration,
    )


@kept
def _who() -> Select[Any]:
    home, held_at = Unit.__table__.alias("home"), Unit.__table__.alias("held_at")
    columns = (
        SignInSession.id,
        SignInSession.created_at,
        SignInSession.seen_at,
        User.id.label("user_id"),
        User.user_name,
        User.first_name,
        User.last_name,
        User.email,
        home.c.name.label("home_name"),
        Credential.must_change,
        held_at.c.path,
        Grant.role_key,
        Grant.expires_at,
        Role.levels,
        select(CacheVersion.version).where(CacheVersion.domain == literal_column(f"'{CONFIGURATION}'")).scalar_subquery().label("configuration"),
    )
    return (
        select(*columns)
        .select_from(SignInSession)
        .join(User, User.id == SignInSession.user_id)
        .join(home, home.c.id == User.home_id)
        .outerjoin(Credential, Credential.user_id == User.id)
        .outerjoin(Grant, and_(Grant.user_id == User.id, live(Grant.expires_at, bindparam("now", type_=Grant.expires_at.type))))
        .outerjoin(held_at, held_at.c.id == Grant.unit_id)
        .outerjoin(Role, Role.key == Grant.role_key)
        .where(SignInSession.token_hash == bindparam("token_hash"), User.status == Status.ACTIVE)
    )
