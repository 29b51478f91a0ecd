"""One transaction of a run: attempted, and closed with its counts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from bo_panel.domain.actors import Actor
from bo_panel.domain.errors import Refusal
from bo_panel.domain.identifiers import NAME_LIMIT, tidy
from bo_panel.models import ChangeSet
from bo_panel.services.engine.chunk import Tally
from bo_panel.services.engine.context import Context, reloaded
from bo_panel.services.engine.transaction import written

log = structlog.get_logger()


REASON_LIMIT = 400


class About(NamedTuple):
    """What is kept of a run from its beginning: the key of its change, why, and whom it is about."""

    key: str
    reason: str = ""
    selection: Mapping[str, Any] = {}


def opened(context: Context, about: About) -> Context:
    """Return the context with the actor as he stands now, in a change set of its own unless it belongs to one already."""
    actor = replace(context.actor, name=tidy(context.actor.name)[:NAME_LIMIT])
    fresh = replace(context, actor=reloaded(actor, context.session, context.registry, context.now))
    if fresh.change_set_id:
        return fresh
    told = {"actor_name": actor.name, "door": actor.door, "change": about.key[:120], "reason": tidy(about.reason)[:REASON_LIMIT]}
    change_set = ChangeSet(at=context.now, actor_id=actor.user_id, selection=dict(about.selection), **told)
    context.session.add(change_set)
    context.session.flush()
    return replace(fresh, change_set_id=change_set.id)


class NothingDone(Exception):
    """Ends a transaction of which nothing is to stay, with what it found."""

    def __init__(self, total: Tally) -> None:
        super().__init__()
        self.total = total


def attempted(session: Session, actor: Actor, work: Callable[[], Tally]) -> Tally:
    """Do it in a transaction; what is refused leaves a line in the log, since nothing of it stays in the database.

    The command line tells its one reader itself.
    """
    try:
        total = written(session, work)
    except NothingDone as end:
        total = end.total
    except Refusal as refusal:
        _log(actor, {refusal.code})
        raise
    if total.refusals:
        _log(actor, {refused.code for refused in total.refusals})
    return total


def _log(actor: Actor, codes: set[str]) -> None:
    if actor.user_id is not None:
        log.warning("change.refused", actor=actor.name, door=actor.door, codes=sorted(codes))


def closed(context: Context, total: Tally) -> Tally:
    """Write the counts of a run; one that changed nothing ends with NothingDone, and leaves nothing behind."""
    if not total.changed:
        raise NothingDone(replace(total, change_set_id=None))
    counts = {"selected": total.selected, "changed": total.changed, "refused": total.refused}
    context.session.execute(update(ChangeSet).where(ChangeSet.id == context.change_set_id).values(**counts))
    return total
