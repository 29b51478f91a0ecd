"""One transaction's worth of a change: who is refused, who objects, what is recorded, what is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, and_, func, insert, literal, literal_column, not_, select
from sqlalchemy.sql.dml import UpdateBase

from bo_panel.domain.errors import NotAllowed, NotFound, Objected, OneAtATime, Stale
from bo_panel.domain.plans import CHANGE, SAME, RefusedUser, Result
from bo_panel.hooks.contributions import Batch, ChangeNotice, UserSnapshot
from bo_panel.hooks.host import Host
from bo_panel.models import AuditEvent, RefusedRow, User
from bo_panel.queries.sql import POSTGRESQL, among, probe
from bo_panel.queries.starting import ALL
from bo_panel.queries.switches import homes_off
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
    upto: int | None = None
    """The last id that was looked at; None where nobody was left."""

    def and_then(self, later: "Tally") -> "Tally":
        """Return the sum with another chunk's; the change set is kept once something was changed in it."""
        changed = self.changed + later.changed
        kept = later.change_set_id if changed else None
        sample = (*self.refusals, *later.refusals)[:SAMPLE]
        return Tally(kept, self.selected + later.selected, changed, self.refused + later.refused, sample, later.upto)

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


def changed_in(context: Context) -> int:
    """Return how many users a run has changed so far, in whichever of its steps."""
    theirs = select(func.count(AuditEvent.user_id.distinct())).where(AuditEvent.change_set_id == context.change_set_id)
    return context.session.scalar(theirs.where(AuditEvent.step <= context.step)) or 0


@dataclass(frozen=True, slots=True)
class Chunk:
    """A change applied to the part of a selection that lies in a span."""

    host: Host
    context: Context
    change: SetChange
    selection: Selection
    span: Span = Span()

    def seen(self, most: int | None = None) -> Sequence[int]:
        """Return the ids of who is selected in the span, the first so many in order; nothing is locked.

        Whom an actor sees is dear to ask of everybody there is, so it is asked once; of those who are seen it is cheap to ask again.
        """
        rows, scope = select(User.id).where(self.span.condition()), scope_of(self.context, self.change)
        people = self.selection.people(self.context, scope, rows, most or ALL)
        return self.context.session.scalars(people.order_by("id").limit(most)).all()

    def run(self, seen: Sequence[int]) -> Tally:
        """Do it to those who were seen, as far as they are selected still; the caller's transaction holds it together."""
        context, change = self.context, self.change
        change.check(context)
        ids = self._held(seen)
        count = len(ids)
        if self.selection.expected not in (None, count):
            raise NotFound
        selected = among(User.id, ids, context.name)
        if context.step == 0 and self.selection.versions is not None:
            self._check_versions(selected)
        if count > 1 and change.for_one(context):
            raise OneAtATime
        verdict = guard.verdict(context, change, guard.standing(context, selected, count))
        change.begin(context)
        self._refuse(selected, verdict)
        left = and_(selected, change.outcome(context) == CHANGE, not_(self._refused()))  # the guard is asked once: whom it refuses is noted
        self._ask_plugins(left)
        changed = self._record(left)
        if changed:
            post(context, self.host.listeners, self._mine())
            for statement in change.apply(context, self._chosen()):
                context.session.execute(self._narrowed(statement, ids), execution_options={"synchronize_session": False})
            change.finish(context, self._chosen())
        return Tally(context.change_set_id, count, changed, *self._refusals(), seen[-1] if seen else None)

    def _ids(self) -> Select[int]:
        return select(User.id).where(self.selection.condition(self.context, scope_of(self.context, self.change)), self.span.condition())

    def _check_versions(self, selected: ColumnElement[bool]) -> None:
        if self.context.session.scalar(select(func.sum(User.version)).where(selected)) != self.selection.versions:
            raise Stale

    def _held(self, seen: Sequence[int]) -> Sequence[int]:
        """Keep others from changing those who were seen until this ends, and the owners of their units; SQLite lets nobody else write anyway.

        Returns those of them who are selected still; a transaction goes by their ids from here on. An actor who will be refused himself
        is only read: every change of his holds his account already, and two of them that both wanted more of it would wait for each other.
        """
        if self.context.name != POSTGRESQL:
            return seen
        session = self.context.session
        if self.change.unseats(self.context, literal(0)) is not None:
            session.execute(guard.owned_units(self.context, seen)).all()
        own = None if self.change.on_own_account else self.context.actor.user_id
        others = self._ids().where(among(User.id, [user_id for user_id in seen if user_id != own], POSTGRESQL))
        held = list(session.scalars(others.order_by(User.id).with_for_update(key_share=True)))
        return sorted([*held, *session.scalars(self._ids().where(User.id == own))]) if own in seen else held

    def _refuse(self, selected: ColumnElement[bool], verdict: ColumnElement[str]) -> None:
        judging = select(User.id, verdict.label("code")).where(selected, not_(self._refused()))
        once = judging.offset(literal_column("0")) if self.context.name == POSTGRESQL else judging  # or it would ask of those refused twice
        judged = once.subquery("judged")
        rows = select(literal(self.context.change_set_id), judged.c.id, judged.c.code).where(judged.c.code.not_in((CHANGE, SAME)))
        self.context.session.execute(insert(RefusedRow).from_select(["change_set_id", "user_id", "code"], rows))

    def _refused(self) -> ColumnElement[bool]:
        """Return the condition that somebody was refused in this run; looked up for each, or every chunk would read all of them."""
        mine = select(RefusedRow.user_id).where(RefusedRow.change_set_id == self.context.change_set_id, RefusedRow.user_id == User.id)
        return probe(mine.correlate(User), self.context.name)

    def _ask_plugins(self, changing: ColumnElement[bool]) -> None:
        if not self.host.objects:
            return
        users = self._snapshots(changing)
        if not users:
            return
        notice = ChangeNotice(self.change.key, dict(self.change.notice()))
        everybody = frozenset(user.id for user in users)
        rows: dict[int, str] = {}
        off = homes_off(self.context.session, self.context.registry, {user.home_id for user in users})
        for _plugin, objection in self.host.object(notice, Batch(users), off):
            for user_id in everybody if objection.ids is None else objection.ids & everybody:
                rows.setdefault(user_id, objection.reason)
        self._insert_objections(rows)

    def _snapshots(self, chosen: ColumnElement[bool]) -> tuple[UserSnapshot, ...]:
        columns = (User.id, User.user_name, User.email, User.home_id, User.status, User.first_name, User.last_name)
        return tuple(UserSnapshot(*row) for row in self.context.session.execute(select(*columns).where(chosen)))

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
        run = (AuditEvent.change_set_id == self.context.change_set_id, AuditEvent.step == self.context.step)
        return and_(*run, AuditEvent.user_id > self.span.after)  # whoever comes later is not done yet

    def _chosen(self) -> Select[Any]:
        return select(AuditEvent.user_id).where(self._mine())

    def _narrowed(self, statement: UpdateBase, ids: Sequence[int]) -> UpdateBase:
        """Return a statement told between which ids those are whom it is about: PostgreSQL would read all users to find a few thousand by the trail.

        The ids themselves it would look through anew for each of them where it takes the trail for short.
        """
        if self.context.name != POSTGRESQL or not isinstance(statement, Update) or statement.entity_description["entity"] is not User:
            return statement
        return statement.where(User.id.between(min(ids, default=0), max(ids, default=0)))

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
