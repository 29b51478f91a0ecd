"""Changing a password."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, select, update

from bo_panel.domain.errors import NotAllowed
from bo_panel.models import Credential, SignInSession, User
from bo_panel.services.engine import Context, Needs, SingleChange, Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword(SingleChange):
    """Give the actor's own account a new password; every other session of his ends."""

    password_hash: str = field(repr=False)
    keep_session_id: int | None = None

    key = "account.password"
    requires = Needs("users", "none")

    def run(self, context: Context) -> Sequence[Trail]:
        """Store the new hash; the old password no longer works."""
        actor_id = context.actor.user_id
        home_id = context.session.scalar(select(User.home_id).where(User.id == actor_id))
        if actor_id is None or home_id is None:
            raise NotAllowed(where="this account")
        values = {"password_hash": self.password_hash, "must_change": False, "changed_at": context.now}
        stored = context.session.execute(update(Credential).where(Credential.user_id == actor_id).values(values).returning(Credential.user_id))
        if stored.scalar() is None:
            raise NotAllowed(where="this account")
        others = delete(SignInSession).where(SignInSession.user_id == actor_id)
        if self.keep_session_id is not None:
            others = others.where(SignInSession.id != self.keep_session_id)
        context.session.execute(others)
        return [Trail("account.password_changed", home_id, actor_id, {}, {})]
