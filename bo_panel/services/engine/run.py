"""Runs changes: decide, write and record in one transaction per chunk."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import structlog
from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.orm import Session

from bo_panel.domain.accounts import AccountRules
from bo_panel.domain.actors import Actor
from bo_panel.domain.errors import Objected, Refusal
from bo_panel.domain.identifiers import NAME_LIMIT, tidy
from bo_panel.domain.plans import Result
from bo_panel.domain.ports import Clock
from bo_panel.hooks.contributions import Batch, ChangeNotice
from bo_panel.hooks.host import Host
from bo_panel.models import AuditEvent, ChangeSet, User
from bo_panel.services.engine.change import SetChange, SingleChange, Trail
from bo_panel.services.engine.chunk import Chunk, Span, Tally, scope_of
from bo_panel.services.engine.context import Context, reloaded
from bo_panel.services.engine.selection import Selection
from bo_panel.services.engine.transaction import written

log = structlog.get_logger()

REASON_LIMIT = 400


class _NothingDone(Exception):
    """Ends a transaction of which nothing is to stay, with what it found."""

    def __init__(self, total: Tally) -> None:
        super().__init__()
        self.total = total


@dataclass(frozen=True, slots=True)
class Engine:
    """The one path of every write."""

    host: Host
    clock: Clock
    rules: AccountRules = AccountRules()
    chunk: int = 5_000

    def run(self, session: Session, actor: Actor, change: SetChange, selection: Selection, *, reason: str = "") -> Result:
        """Apply a change to a selection; refusals are row by row, and the rest goes on.

        Ids that do not exist, or not for this actor, are one NotFound and nothing is written.
        """
        total = Tally()
        for span in self._spans(session, actor, change, selection):
            total = _attempted(session, actor, partial(self._run_chunk, session, actor, Planned(change, selection, span, reason), total))
        return total.result()

    def plan(self, session: Session, actor: Actor, change: SetChange, selection: Selection) -> Result:
        """Return what `run` would do, and do nothing."""
        total = Tally()
        for span in self._spans(session, actor, change, selection):
            total = _attempted(session, actor, partial(self._try_chunk, session, actor, Planned(change, selection, span), total))
        return replace(total.result(), change_set_id=None)

    def run_together(self, session: Session, actor: Actor, changes: Sequence[SetChange], selection: Selection) -> Result:
        """Apply several changes to one selection, all or none: the first refusal of any row is raised."""
        return _attempted(session, actor, partial(self._run_all, session, actor, changes, selection)).result()

    def run_single(self, session: Session, actor: Actor, *changes: SingleChange) -> Result:
        """Run changes of single things, all or none; the first refusal is raised. The result names the first thing changed."""
        trails: list[Trail] = []
        total = _attempted(session, actor, partial(self._run_singles, session, actor, changes, trails))
        return replace(total.result(), subject_id=(trails[0].user_id or trails[0].unit_id) if trails else None)

    def _run_chunk(self, session: Session, actor: Actor, planned: "Planned", total: Tally) -> Tally:
        context = self._open(session, actor, planned.change.key, planned.reason, total.change_set_id)
        return _closed(context, total.and_then(self._chunk_of(context, planned).run()))

    def _try_chunk(self, session: Session, actor: Actor, planned: "Planned", total: Tally) -> Tally:
        context = self._open(session, actor, planned.change.key)
        raise _NothingDone(total.and_then(self._chunk_of(context, planned).run()))

    def _chunk_of(self, context: Context, planned: "Planned") -> Chunk:
        return Chunk(self.host, context, planned.change, planned.selection, planned.span)

    def _run_all(self, session: Session, actor: Actor, changes: Sequence[SetChange], selection: Selection) -> Tally:
        context, total = self._open(session, actor, "+".join(sorted({change.key for change in changes}))), Tally()
        for step, change in enumerate(changes):
            done = self._chunk_of(replace(context, step=step), Planned(change, selection)).run()
            if done.refusals:
                raise done.refusals[0].refusal
            total = total.together_with(done)
        return _closed(context, total)

    def _run_singles(self, session: Session, actor: Actor, changes: Sequence[SingleChange], trails: list[Trail]) -> Tally:
        trails.clear()
        context = self._open(session, actor, "+".join(change.key for change in changes))
        done = [self._run_one(replace(context, step=step), change) for step, change in enumerate(changes)]
        trails += [entry for trail in done for entry in trail]
        return _closed(context, Tally(context.change_set_id, len(changes), sum(1 for trail in done if trail)))

    def _run_one(self, context: Context, change: SingleChange) -> Sequence[Trail]:
        trail = change.run(context)
        for _plugin, objection in self.host.object(ChangeNotice(change.key, dict(change.notice())), Batch()):
            raise Objected(reason=objection.reason)
        rows = [
            {
                "at": context.now,
                "change_set_id": context.change_set_id,
                "step": context.step,
                "actor_id": context.actor.user_id,
                "actor_name": context.actor.name,
                "event": entry.event,
                "user_id": entry.user_id,
                "unit_id": entry.unit_id,
                "before": dict(entry.before),
                "after": dict(entry.after),
            }
            for entry in trail
        ]
        if rows:
            context.session.execute(insert(AuditEvent), rows)
        return trail

    def _open(self, session: Session, actor: Actor, key: str, reason: str = "", change_set_id: int | None = None) -> Context:
        now = self.clock.now()
        named = replace(actor, name=tidy(actor.name)[:NAME_LIMIT])
        fresh = reloaded(named, session, self.host.registry, now)
        if change_set_id is None:
            told = {"actor_name": named.name, "door": actor.door, "change": key[:120], "reason": tidy(reason)[:REASON_LIMIT]}
            change_set = ChangeSet(at=now, actor_id=actor.user_id, **told)
            session.add(change_set)
            session.flush()
            change_set_id = change_set.id
        return Context(session, self.host.registry, fresh, now, self.rules, change_set_id)

    def _spans(self, session: Session, actor: Actor, change: SetChange, selection: Selection) -> Iterator[Span]:
        """Return the ranges of ids that one transaction each takes; a selection of ids is always one."""
        if selection.expected is not None:
            yield Span()
            return
        context = Context(session, self.host.registry, actor, self.clock.now(), self.rules)
        chosen = selection.condition(context, scope_of(context, change))
        last = session.scalar(select(func.max(User.id)).where(chosen)) or 0
        after = 0
        while after < last:
            ids = select(User.id).where(chosen, and_(User.id > after, User.id <= last)).order_by(User.id).limit(self.chunk).subquery()
            upto = session.scalar(select(func.max(ids.c.id)))
            if upto is None:
                return
            yield Span(after, upto)
            after = upto


@dataclass(frozen=True, slots=True)
class Planned:
    """What one transaction is to do, to whom, and why."""

    change: SetChange
    selection: Selection
    span: Span = Span()
    reason: str = ""


def _attempted(session: Session, actor: Actor, work: Callable[[], Tally]) -> Tally:
    """Do it in a transaction; what is refused leaves a line in the log, since nothing of it stays in the database."""
    try:
        total = written(session, work)
    except _NothingDone as end:
        total = end.total
    except Refusal as refusal:
        log.warning("change.refused", actor=actor.name, door=actor.door, codes=[refusal.code])
        raise
    if total.refusals:
        log.warning("change.refused", actor=actor.name, door=actor.door, codes=sorted({refused.code for refused in total.refusals}))
    return total


def _closed(context: Context, total: Tally) -> Tally:
    if not total.changed:
        raise _NothingDone(replace(total, change_set_id=None))
    counts = {"selected": total.selected, "changed": total.changed, "refused": total.refused}
    context.session.execute(update(ChangeSet).where(ChangeSet.id == context.change_set_id).values(**counts))
    return total
