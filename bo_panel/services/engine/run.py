"""Runs changes: decide, write and record in one transaction per chunk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bo_panel.domain.accounts import AccountRules
from bo_panel.domain.actors import Actor
from bo_panel.domain.plans import Result
from bo_panel.domain.ports import Clock
from bo_panel.hooks.host import Host
from bo_panel.models import ChangeSet, User
from bo_panel.services.engine.attempt import About, NothingDone, attempted, closed, opened
from bo_panel.services.engine.change import SetChange, SingleChange, Trail
from bo_panel.services.engine.chunk import Chunk, Span, Tally, changed_in, scope_of
from bo_panel.services.engine.context import Context
from bo_panel.services.engine.planned import Ledger, Planned
from bo_panel.services.engine.preview import Preview
from bo_panel.services.engine.selection import Selection, check_as_seen, check_count, naming
from bo_panel.services.engine.single import run_one
from bo_panel.services.engine.transaction import written

Part = Callable[[Session, Actor, Planned, Tally], Tally]
"""One transaction of a run, beside what was done before it."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The one path of every write."""

    host: Host
    clock: Clock
    rules: AccountRules = AccountRules()
    chunk: int = 5_000

    def run(self, session: Session, actor: Actor, change: SetChange, selection: Selection, *, reason: str = "") -> Result:
        """Apply a change to a selection; refusals are row by row, and the rest goes on.

        Ids that do not exist, or not for this actor, are one NotFound and nothing is written; neither is anything when
        those who were counted are not those who match.
        """
        with naming(session, self.host, selection, self.clock.now()):
            if selection.counted is not None:
                context = Context(session, self.host.registry, actor, self.clock.now(), self.rules)
                check_count(context, scope_of(context, change), selection)
            return self._in_parts(session, actor, Planned(change, selection, reason=reason), self._run_part).result()

    def plan(self, session: Session, actor: Actor, change: SetChange, selection: Selection) -> Result:
        """Return what `run` would do, and do nothing."""
        with naming(session, self.host, selection, self.clock.now()):
            return replace(self._in_parts(session, actor, Planned(change, selection), self._try_part).result(), change_set_id=None)

    def preview(self, session: Session, actor: Actor, change: SetChange, selection: Selection) -> Preview:
        """Return what reads what `run` would do, without locks, for the access that the actor brings; `run` reads it anew."""
        return Preview(self.host, Context(session, self.host.registry, actor, self.clock.now(), self.rules), change, selection)

    def run_next(self, session: Session, actor: Actor, planned: Planned, ledger: Ledger) -> bool:
        """Do the next part of a selection, in one transaction with what the ledger notes; return whether there was any left.

        The first part raises what `run` raises of a selection that is not as somebody saw it; ids that are named are one part.
        """
        with naming(session, self.host, planned.selection, self.clock.now()):
            return written(session, partial(self._run_next, session, actor, planned, ledger))

    def _run_next(self, session: Session, actor: Actor, planned: Planned, ledger: Ledger) -> bool:
        change_set_id, after = ledger.opened(session)
        context = self._open(session, actor, planned.about, change_set_id)
        if not after:
            check_as_seen(context, scope_of(context, planned.change), planned.selection)
        chunk = self._chunk_of(context, replace(planned, span=Span(after)))
        seen = chunk.seen(planned.selection.expected or self.chunk)
        if not seen:
            ledger.ended(session, context.change_set_id)
            return False
        done = chunk.run(seen)
        counts = {name: getattr(ChangeSet, name) + getattr(done, name) for name in ("selected", "changed", "refused")}
        session.execute(update(ChangeSet).where(ChangeSet.id == context.change_set_id).values(counts))
        ledger.noted(session, done, seen[-1])
        return True

    def run_together(self, session: Session, actor: Actor, changes: Sequence[SetChange], selection: Selection) -> Result:
        """Apply several changes to one selection, all or none: the first refusal of any row is raised."""
        return attempted(session, actor, partial(self._run_all, session, actor, changes, selection)).result()

    def run_single(self, session: Session, actor: Actor, *changes: SingleChange) -> Result:
        """Run changes of single things, all or none; the first refusal is raised. The result names the first thing changed."""
        trails: list[Trail] = []
        total = attempted(session, actor, partial(self._run_singles, session, actor, changes, trails))
        return replace(total.result(), subject_id=(trails[0].user_id or trails[0].unit_id) if trails else None)

    def _in_parts(self, session: Session, actor: Actor, planned: Planned, part: Part) -> Tally:
        """Do one part of a selection after the other, in a transaction each; those who are named are always one part."""
        if planned.selection.expected is not None:
            return attempted(session, actor, partial(part, session, actor, planned, Tally()))
        total, last = Tally(upto=0), self._last(session, actor, planned)
        while total.upto is not None and total.upto < last:
            here = replace(planned, span=Span(total.upto, last))
            total = attempted(session, actor, partial(part, session, actor, here, total))
        return total

    def _last(self, session: Session, actor: Actor, planned: Planned) -> int:
        """Return the highest id of a selection; none who comes later is meant."""
        context = Context(session, self.host.registry, actor, self.clock.now(), self.rules)
        scope = scope_of(context, planned.change)
        if planned.selection.counted is not None:
            return planned.selection.counted.high_water
        people = planned.selection.people(context, scope, select(User.id)).subquery("people")
        return session.scalar(select(func.max(people.c.id))) or 0

    def _run_part(self, session: Session, actor: Actor, planned: Planned, total: Tally) -> Tally:
        context = self._open(session, actor, planned.about, total.change_set_id)
        return closed(context, total.and_then(self._part(context, planned)))

    def _try_part(self, session: Session, actor: Actor, planned: Planned, total: Tally) -> Tally:
        context = self._open(session, actor, planned.about)
        raise NothingDone(total.and_then(self._part(context, planned)))

    def _part(self, context: Context, planned: Planned) -> Tally:
        chunk = self._chunk_of(context, planned)
        return chunk.run(chunk.seen(planned.selection.expected or self.chunk))

    def _chunk_of(self, context: Context, planned: Planned) -> Chunk:
        return Chunk(self.host, context, planned.change, planned.selection, planned.span)

    def _run_all(self, session: Session, actor: Actor, changes: Sequence[SetChange], selection: Selection) -> Tally:
        about = About("+".join(sorted({change.key for change in changes})), selection=selection.told)
        context, total = self._open(session, actor, about), Tally()
        for step, change in enumerate(changes):
            here = replace(context, step=step, later=tuple(changes[step + 1 :]))
            chunk = self._chunk_of(here, Planned(change, selection))
            done = chunk.run(chunk.seen())
            if done.refusals:
                raise done.refusals[0].refusal
            total = total.together_with(done)
        if len(changes) > 1 and total.selected > 1:  # each change may have been one for others of them
            total = replace(total, changed=changed_in(replace(context, step=len(changes))))
        return closed(context, total)

    def _run_singles(self, session: Session, actor: Actor, changes: Sequence[SingleChange], trails: list[Trail]) -> Tally:
        trails.clear()
        context = self._open(session, actor, About("+".join(change.key for change in changes)))
        done = [run_one(self.host, replace(context, step=step), change) for step, change in enumerate(changes)]
        trails += [entry for trail in done for entry in trail]
        return closed(context, Tally(context.change_set_id, len(changes), sum(1 for trail in done if trail)))

    def _open(self, session: Session, actor: Actor, about: About, change_set_id: int | None = None) -> Context:
        now = self.clock.now()
        context = Context(session, self.host.registry, actor, now, self.rules, change_set_id or 0)
        return opened(context, about)
