"""Tells plugins what was done: from the table that the transactions wrote, in order, again until they take it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import takewhile
from typing import Any

import structlog
from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.orm import Session

from bo_panel.hooks.contributions import ChangeEvent, Entry
from bo_panel.models import Outgoing
from bo_panel.queries.outbox import due, events_of, shown
from bo_panel.queries.sql import among, database_time, dialect
from bo_panel.queries.switches import homes_off
from bo_panel.services.engine import Engine, written

log = structlog.get_logger()

AT_ONCE = 500
"""How many events a plugin is told at a time; after a crash it is told as many once more."""
LONGEST = timedelta(hours=1)
"""How long the growing pause becomes after which a plugin that failed is told again."""
TOLD_LIMIT = 200
NEVER_RETURNED = "The worker ended while it was told."


@dataclass(frozen=True, slots=True)
class Outbox:
    """What the plugins of a deployment are to be told; any number of workers may tell it."""

    engine: Engine
    lease: timedelta
    """For how long a plugin may take over one event before another worker thinks that this one is dead."""
    pause: timedelta
    """After which a plugin that failed is told again, the first time."""
    attempts: int
    """How often it is tried before it is given up."""
    plugins: tuple[str, ...]
    """The plugins that are told, one after the other."""

    def work(self, session: Session, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Tell what is due, as long as `go_on` says so; return whether a plugin took anything.

        A plugin that fails is left alone until the next time, and keeps no other from being told.
        """
        listeners, took = set(self.plugins), False
        while go_on() and (outgoing := self._next(session, listeners)) is not None:
            if self._tell(session, outgoing, go_on):
                took = True
            else:
                listeners.discard(outgoing.plugin)
        return took

    def apart(self) -> "tuple[Outbox, ...]":
        """Return one for each plugin, to be worked in threads of their own: one that hangs then keeps no other from being told."""
        return tuple(replace(self, plugins=(name,)) for name in self.plugins)

    def again(self, session: Session, ids: Sequence[int]) -> int:
        """Have these tried again, at once, those included that were given up; return how many there were."""
        these = among(Outgoing.id, ids, dialect(session))
        anew = update(Outgoing).where(these).values(not_before=None, attempts=0, dead_at=None, fence=Outgoing.fence + 1)
        return len(written(session, lambda: session.execute(anew.returning(Outgoing.id)).all()))

    def drop(self, session: Session, ids: Sequence[int]) -> int:
        """Forget these without telling anybody; the audit log has them all the same. Return how many there were."""
        these = delete(Outgoing).where(among(Outgoing.id, ids, dialect(session))).returning(Outgoing.id)
        return len(written(session, lambda: session.execute(these).all()))

    def _next(self, session: Session, listeners: set[str]) -> Outgoing | None:
        """Return the oldest that is due, now in this worker's hands; only who finds one takes a lock."""
        if not listeners or session.scalars(due(listeners, database_time(session))).first() is None:
            session.rollback()
            return None
        return written(session, partial(self._take, session, listeners))

    def _take(self, session: Session, listeners: set[str]) -> Outgoing | None:
        """Return the next one, after giving up those before it that ended whoever told them each time."""
        now = database_time(session)
        outgoing: Outgoing | None
        mine = due(listeners, now).with_for_update(skip_locked=True, of=Outgoing).execution_options(populate_existing=True)
        while (outgoing := session.scalars(mine).first()) is not None:
            if outgoing.attempts < self.attempts:
                outgoing.fence, outgoing.attempts, outgoing.not_before = outgoing.fence + 1, outgoing.attempts + 1, now + self.lease
                session.flush()
                session.expunge(outgoing)
                break
            outgoing.dead_at, outgoing.told = now, NEVER_RETURNED
            session.flush()
        return outgoing

    def _tell(self, session: Session, outgoing: Outgoing, go_on: Callable[[], bool]) -> bool:
        """Tell a plugin all of it, or until it is to stop; return False when the plugin failed."""
        while outgoing.upto < outgoing.last_id:
            event = event_of(events_of(session, outgoing, AT_ONCE))
            told = self._without_off(session, outgoing.plugin, event)
            session.rollback()  # no transaction is held while a plugin takes its time
            trouble = self.engine.host.tell(outgoing.plugin, told) if told.entries else None
            if trouble is not None:
                self._failed(session, outgoing, trouble)
                return False
            outgoing.upto, outgoing.attempts = event.entries[-1].id, 0
            if outgoing.upto < outgoing.last_id and not self._kept(session, outgoing, go_on()):
                return True
        written(session, lambda: session.execute(delete(Outgoing).where(*_this(outgoing))))
        return True

    def _without_off(self, session: Session, plugin: str, event: ChangeEvent) -> ChangeEvent:
        """Return an event without what was done at units where the plugin is off; no statement for one that cannot be switched."""
        units = {entry.unit_id for entry in event.entries}
        off = homes_off(session, self.engine.host.registry, units).get(plugin, frozenset())
        return replace(event, entries=tuple(entry for entry in event.entries if entry.unit_id not in off)) if off else event

    def _kept(self, session: Session, outgoing: Outgoing, go_on: bool) -> bool:
        """Note how far a plugin was told, whoever tells it by now; return False where the rest is another's, or left to whoever looks next."""
        until = database_time(session) + self.lease if go_on else None
        mine = _mine(outgoing, {"upto": outgoing.upto, "attempts": 1 if go_on else 0, "not_before": until, "told": None})
        late = update(Outgoing).where(*_this(outgoing), Outgoing.upto < outgoing.upto).values(upto=outgoing.upto, attempts=1)

        def noted() -> bool:
            kept = bool(session.execute(mine).all())
            if not kept:
                session.execute(late)
            return kept

        return written(session, noted) and go_on

    def _failed(self, session: Session, outgoing: Outgoing, trouble: str) -> None:
        """Leave it for a while that grows, or give it up."""
        tries = max(outgoing.attempts, 1)
        dead = tries >= self.attempts
        now = database_time(session)
        pause = min(self.pause * 2 ** min(tries - 1, 20), LONGEST)
        values = {"not_before": now + pause, "attempts": tries, "told": trouble[:TOLD_LIMIT], "dead_at": now if dead else None}
        written(session, lambda: session.execute(_mine(outgoing, values)).all())
        log.warning("outbox.given_up" if dead else "outbox.failed", plugin=outgoing.plugin, outgoing=outgoing.id, problem=trouble, attempts=tries)


def _this(outgoing: Outgoing) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for this row and no later one: SQLite gives a number again once its row is gone."""
    return Outgoing.id == outgoing.id, Outgoing.plugin == outgoing.plugin, Outgoing.last_id == outgoing.last_id


def _mine(outgoing: Outgoing, values: dict[str, Any]) -> Any:
    """Return the statement that writes this where it is still in this worker's hands, and returns whether it was."""
    return update(Outgoing).where(*_this(outgoing), Outgoing.fence == outgoing.fence).values(values).returning(Outgoing.id)


def event_of(rows: Sequence[Any]) -> ChangeEvent:
    """Return what a plugin is told of the first of these rows of the trail, and of those after it that are of the same kind."""
    first = rows[0]
    alike = takewhile(lambda row: row.event == first.event, rows)
    entries = tuple(Entry(row.id, row.user_id, row.user_name, row.unit_id, shown(row.before), shown(row.after)) for row in alike)
    who = {"actor_id": first.actor_id, "actor_name": first.actor_name}
    return ChangeEvent(key=first.event, at=first.at, change_set_id=first.change_set_id, reason=first.reason, entries=entries, **who)
