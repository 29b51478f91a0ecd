"""One transaction's worth of a change: who is refused, who objects, what is recorded, what is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, literal, not_, select

from bo_panel.domain.errors import NotAllowed, NotFound, Objected, OneAtATime, Stale
from bo_panel.domain.plans import CHANGE, SAME, RefusedUser, Result
from bo_panel.hooks.contributions import Batch, ChangeNotice, UserSnapshot
from bo_panel.hooks.host import Host
from bo_panel.models import AuditEvent, RefusedRow, User
from bo_panel.queries.sql import POSTGRESQL, among, probe
from bo_panel.queries.visible import Scope
from bo_panel.services import guard
from bo_panel.services.engine.change import SetChange
from bo_panel.services.engine.context import Context
from bo_panel.services.engine.posting import post
from bo_panel.services.engine.selection import Selection

SAMPLE = 20


@dataclass(frozen=True, slots=True)
class Span:
    """A range of user ids: above `after`, up to `upto`; without an end it is everybody."""

    after: int = 0
    upto: int | None = None

    def condition(self) -> ColumnElement[bool]:
        """Return the condition on `user`."""
        return User.id > self.after if self.upto is None else and_(User.id > self.after, User.id <= self.upto)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were selected, changed and refused so far, with a sample of the refusals."""

    change_set_id: int | None = None
    selected: int = 0
    changed: int = 0
    refused: int = 0
    refusals: Sequence[RefusedUser] = ()

    def and_then(self, later: "Tally") -> "Tally":
        """Return the sum with another chunk's; the change set is kept once something was changed in it."""
        changed = self.changed + later.changed
        kept = later.change_set_id if changed else None
        sample = (*self.refusals, *later.refusals)[:SAMPLE]
        return Tally(kept, self.selected + later.selected, changed, self.refused + later.refused, sample)

    def together_with(self, other: "Tally") -> "Tally":
        """Return what holds when another change was applied to the same users."""
        return replace(self.and_then(other), selected=other.selected, changed=max(self.changed, other.changed))

    def result(self) -> Result:
        """Return what is told of the run."""
        return Result(self.change_set_id, self.selected, self.changed, self.refused, self.refusals)


def scope_of(context: Context, change: SetChange) -> Scope:
    """Return where the actor may look for users; raise unless he holds what the change asks for somewhere."""
    if not context.actor.access.anywhere(*change.requires):
        raise NotAllowed(where="this place")
    return Scope(context.actor.access.reach(change.requires.resource, "view"))


@dataclass(frozen=True, slots=True)
class Chunk:
    """A change applied to the part of a selection that lies in a span."""

    host: Host
    context: Context
    change: SetChange
    selection: Selection
    span: Span = Span()

    def run(self) -> Tally:
        """Do it; the caller's transaction holds it together."""
        context, change = self.context, self.change
        selected = and_(self.selection.condition(context, scope_of(context, change)), self.span.condition())
        change.check(context)
        ids, versions = self._held(selected)
        count = len(ids)
        if self.selection.expected not in (None, count):
            raise NotFound
        if context.step == 0 and self.selection.versions not in (None, versions):
            raise Stale
        if count > 1 and change.one_at_a_time:
            raise OneAtATime
        selected = and_(among(User.id, ids, context.name), self.span.condition())
        verdict = guard.verdict(context, change, guard.standing(context, selected))
        change.begin(context)
        self._refuse(selected, verdict)
        left = and_(selected, change.outcome(context) == CHANGE, not_(self._refused()))  # the guard is asked once: whom it refuses is noted
        self._ask_plugins(left)
        changed = self._record(left)
        if changed:
            post(context, self.host.listeners, self._mine())
            for statement in change.apply(context, self._chosen()):
                context.session.execute(statement, execution_options={"synchronize_session": False})
            change.finish(context, self._chosen())
        return Tally(context.change_set_id, count, changed, *self._refusals())

    def _held(self, selected: ColumnElement[bool]) -> tuple[Sequence[int], int]:
        """Keep others from changing whoever is selected until this ends, and the owners of their units; SQLite lets nobody else write anyway.

        Returns their ids, and the sum of their versions where a form was filled. A transaction has a few thousand of them, and goes by
        these from here on: whom an actor sees is dear to ask, and may not change meanwhile.
        """
        session = self.context.session
        if self.context.name == POSTGRESQL and self.change.unseats(self.context, literal(0)) is not None:
            session.execute(guard.owned_units(self.context, selected)).all()
        version = User.version if self.selection.versions is not None else literal(0).label("version")  # spares SQLite the rows themselves
        found = [row for rows in self._rows(select(User.id, version).where(selected)) for row in session.execute(rows).all()]
        return sorted(row_id for row_id, _version in found), sum(version for _row_id, version in found)

    def _rows(self, rows: Select[int, int]) -> Sequence[Select[int, int]]:
        """Return what reads whoever is selected, and locks them.

        An actor who will be refused himself is only read: every change of his holds his account already, and two of them that
        both wanted more of it would wait for each other.
        """
        own = self.context.actor.user_id
        locks = rows.order_by(User.id).with_for_update(key_share=True)
        if own is None or self.change.on_own_account:
            return (locks,)
        return locks.where(User.id != own), rows.where(User.id == own)

    def _refuse(self, selected: ColumnElement[bool], verdict: ColumnElement[str]) -> None:
        rows = select(literal(self.context.change_set_id), User.id, verdict).where(selected, verdict.not_in((CHANGE, SAME)), not_(self._refused()))
        self.context.session.execute(insert(RefusedRow).from_select(["change_set_id", "user_id", "code"], rows))

    def _refused(self) -> ColumnElement[bool]:
        """Return the condition that somebody was refused in this run; looked up for each, or every chunk would read all of them."""
        mine = select(RefusedRow.user_id).where(RefusedRow.change_set_id == self.context.change_set_id, RefusedRow.user_id == User.id)
        return probe(mine.correlate(User), self.context.name)

    def _ask_plugins(self, changing: ColumnElement[bool]) -> None:
        if not self.host.objects:
            return
        columns = (User.id, User.user_name, User.email, User.home_id, User.status, User.first_name, User.last_name)
        users = tuple(UserSnapshot(*row) for row in self.context.session.execute(select(*columns).where(changing)))
        if not users:
            return
        notice = ChangeNotice(self.change.key, dict(self.change.notice()))
        everybody = frozenset(user.id for user in users)
        rows: dict[int, str] = {}
        for _plugin, objection in self.host.object(notice, Batch(users)):
            for user_id in everybody if objection.ids is None else objection.ids & everybody:
                rows.setdefault(user_id, objection.reason)
        self._insert_objections(rows)

    def _insert_objections(self, reasons: dict[int, str]) -> None:
        rows = [
            {"change_set_id": self.context.change_set_id, "user_id": user_id, "code": Objected.code, "reason": reason[:400]}
            for user_id, reason in reasons.items()
        ]
        if rows:
            self.context.session.execute(insert(RefusedRow), rows)

    def _record(self, changing: ColumnElement[bool]) -> int:
        """Write the trail of everybody who will change; return how many users that are."""
        context = self.context
        trail = self.change.trail(context, changing).subquery("trail")
        constants = (context.now, context.change_set_id, context.step, context.actor.user_id, context.actor.name, self.change.event)
        names = ("at", "change_set_id", "step", "actor_id", "actor_name", "event")
        typed = (literal(value, AuditEvent.__table__.c[name].type) for name, value in zip(names, constants, strict=True))
        rows = select(*typed, *trail.c)
        context.session.execute(insert(AuditEvent).from_select([*names, "user_id", "unit_id", "before", "after"], rows))
        changed = select(func.count(AuditEvent.user_id.distinct())).where(self._mine())
        return context.session.scalar(changed) or 0

    def _mine(self) -> ColumnElement[bool]:
        event = and_(AuditEvent.change_set_id == self.context.change_set_id, AuditEvent.step == self.context.step)
        if self.span.upto is None:
            return event
        return and_(event, AuditEvent.user_id > self.span.after, AuditEvent.user_id <= self.span.upto)

    def _chosen(self) -> Select[Any]:
        return select(AuditEvent.user_id).where(self._mine())

    def _refusals(self) -> tuple[int, Sequence[RefusedUser]]:
        session, mine = self.context.session, RefusedRow.change_set_id == self.context.change_set_id
        inside = and_(mine, RefusedRow.user_id > self.span.after)
        rows = session.execute(
            select(RefusedRow.user_id, RefusedRow.code, RefusedRow.reason, func.count().over().label("all"))
            .where(inside)
            .order_by(RefusedRow.user_id)
            .limit(SAMPLE)
        ).all()
        return (rows[0].all if rows else 0), tuple(RefusedUser(row.user_id, row.code, row.reason) for row in rows)
