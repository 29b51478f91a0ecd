"""Somebody changes his own password."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bo_panel.domain.actors import Actor
from bo_panel.domain.errors import Invalid, TooManyTries
from bo_panel.domain.passwords import complaint
from bo_panel.domain.ports import PasswordHasher, PasswordStrength
from bo_panel.models import Credential
from bo_panel.queries.sessions import SignedIn
from bo_panel.services.changes.password import ChangePassword
from bo_panel.services.engine import Engine, written
from bo_panel.services.sign_in.throttle import Throttle


@dataclass(frozen=True, slots=True)
class Passwords:
    """Checks and changes passwords by the deployment's rules."""

    engine: Engine
    hasher: PasswordHasher
    strength: PasswordStrength
    throttle: Throttle
    shortest: int

    def check(self, password: str, personal: tuple[str, ...], field: str = "password") -> None:
        """Raise Invalid, about the field, for a password that is too short or easy to guess."""
        wrong = complaint(password, self.shortest) or self.strength.complaint(password, personal)
        if wrong:
            raise Invalid(field, reason=wrong)

    def change(self, session: Session, actor: Actor, who: SignedIn, typed: tuple[str, str, str]) -> None:
        """Give the actor the new password that was typed (current, new, new again); every other session of his ends."""
        current, new, repeat = typed
        keys, now = self.throttle.own(who.user_id), self.engine.clock.now()
        blocked = written(session, partial(self.throttle.admit, session, keys, now))
        if blocked is not None:
            raise TooManyTries("current", minutes=max(1, round((blocked - now).total_seconds() / 60)))
        stored = session.scalar(select(Credential.password_hash).where(Credential.user_id == who.user_id))
        session.rollback()  # no transaction is held while the hash is computed
        if not self.hasher.verify(stored, current):
            raise Invalid("current", reason="This is not your current password.")
        written(session, partial(self.throttle.clear, session, keys))
        if new != repeat:
            raise Invalid("repeat", reason="The two new passwords differ. Type the same one twice.")
        if new == current:
            raise Invalid("new", reason="This is the password you have now. Choose another.")
        self.check(new, (who.user_name, who.first_name, who.last_name, who.email or ""), "new")
        self.engine.run_single(session, actor, ChangePassword(password_hash=self.hasher.hash(new), keep_session_id=who.session_id))
