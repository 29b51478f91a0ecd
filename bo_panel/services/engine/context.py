"""What a change needs to know while it runs."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bo_panel.domain.accounts import AccountRules
from bo_panel.domain.actors import Actor
from bo_panel.domain.errors import NotAllowed
from bo_panel.domain.lifecycle import Status
from bo_panel.hooks.registry import Registry
from bo_panel.models import Grant, User
from bo_panel.queries.access import access_from, held_by
from bo_panel.queries.sql import dialect


@dataclass(frozen=True, slots=True)
class Context:
    """One transaction of a run: its session, its moment, who acts with what, and which change set it belongs to."""

    session: Session
    registry: Registry
    actor: Actor
    now: datetime
    rules: AccountRules = AccountRules()
    change_set_id: int = 0
    step: int = 0
    later: tuple[object, ...] = ()
    """The changes that follow in the same transaction; if one of them fails, nothing of this one stays either."""
    name: str = field(init=False)

    def __post_init__(self) -> None:
        """Derive the dialect."""
        object.__setattr__(self, "name", dialect(self.session))


def reloaded(actor: Actor, session: Session, registry: Registry, now: datetime, *, lock: bool = True) -> Actor:
    """Return the actor with what he holds now, read in the writing transaction.

    Locked, neither his grants nor his account can change until it ends. An actor who may no longer sign in may do nothing.
    """
    if actor.user_id is None:
        return actor
    rows = held_by(now).join(User, User.id == Grant.user_id).where(Grant.user_id == actor.user_id, User.status == Status.ACTIVE)
    found = session.execute(rows.with_for_update(read=True, of=(Grant, User)) if lock else rows).all()
    if not found:
        raise NotAllowed(where="this place")
    return replace(actor, access=access_from(registry, found))
