"""Brings what users are found by in line with what plugins declare: once, whenever that has become something else."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import Text, cast, delete, select
from sqlalchemy.orm import Session

from bo_panel.domain.actors import console
from bo_panel.jobs.schedule import Duty
from bo_panel.models import Chore, User
from bo_panel.queries.sql import among
from bo_panel.services.changes.profile import bring_in_line
from bo_panel.services.engine import Context, Engine, written

NAME = "search:"
"""Before what tells one set of searched fields from another, in the name of the chore."""
ONCE = timedelta(days=36_500)
SLICE = 500
"""How many users one transaction looks at."""


def find_anew(engine: Engine) -> Duty:
    """Return the chore that is due where plugins declare other fields as searched than those that it was done for last.

    A plugin that is taken out leaves words by which its users are found, and one that comes back finds those not who were saved meanwhile.
    """
    searched = sorted(key for key, field in engine.host.registry.profile_fields.items() if field.searchable)
    name = NAME + sha256("\n".join(searched).encode()).hexdigest()[:40]
    return Duty(name, ONCE, partial(_done, engine, name))


def _done(engine: Engine, name: str, session: Session, now: datetime) -> int:
    """Forget the other sets, as this undoes what was done for them, and do it for all who have a profile; return how many they are."""
    total, last = 0, 0
    others = delete(Chore).where(Chore.name.startswith(NAME), Chore.name != name)
    written(session, lambda: session.execute(others))
    while ids := written(session, _slice_of(engine, session, now, last)):
        total, last = total + len(ids), ids[-1]
    return total


def _slice_of(engine: Engine, session: Session, now: datetime, last: int) -> Callable[[], Any]:
    context = Context(session, engine.host.registry, console(engine.host.registry.catalogue), now, engine.rules)
    some = select(User.id).where(User.id > last, cast(User.profile, Text) != "{}").order_by(User.id).limit(SLICE).with_for_update()

    def done() -> Any:
        ids = session.scalars(some).all()
        if ids:
            bring_in_line(context, select(User.id).where(among(User.id, ids, context.name)))
        return ids

    return done
