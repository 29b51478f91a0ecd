"""Somebody changes his own password."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bo_panel.domain.actors import Actor
from bo_panel.domain.errors import Invalid
from bo_panel.domain.passwords import complaint
from bo_panel.domain.ports import PasswordHasher, PasswordStrength
from bo_panel.models import Credential
from bo_panel.queries.sessions import SignedIn
from bo_panel.services.changes.password import ChangePassword
from bo_panel.services.engine import Engine


@dataclass(frozen=True, slots=True)
class Passwords:
    """Checks and changes passwords by the deployment's rules."""

    engine: Engine
    hasher: PasswordHasher
    strength: PasswordStrength
    shortest: int

    def check(self, password: str, personal: tuple[str, ...], field: str = "password") -> None:
        """Raise Invalid, about the field, for a password that is too short or easy to guess."""
        wrong = complaint(password, self.shortest) or self.strength.complaint(password, personal)
        if wrong:
            raise Invalid(field, reason=wrong)

    def change(self, session: Session, actor: Actor, who: SignedIn, typed: tuple[str, str, str]) -> None:
        """Give the actor the new password that was typed (current, new, new again); every other session of his ends."""
        current, new, repeat = typed
        stored = session.scalar(select(Credential.password_hash).where(Credential.user_id == who.user_id))
        session.rollback()  # no transaction is held while the hash is computed
        if not self.hasher.verify(stored, current):
            raise Invalid("current", reason="This is not your current password.")
        if new != repeat:
            raise Invalid("repeat", reason="The two new passwords differ. Type the same one twice.")
        if new == current:
            raise Invalid("new", reason="This is the password you have now. Choose another.")
        self.check(new, (who.user_name, who.first_name, who.last_name, who.email or ""), "new")
        self.engine.run_single(session, actor, ChangePassword(password_hash=self.hasher.hash(new), keep_session_id=who.session_id))
