"""Taking back what a run of the engine did: exactly that, and only of those whom nobody has changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    case,
    cast,
    delete,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy import String as Text
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.dml import UpdateBase

from bo_panel.domain.errors import AlreadyUndone, ChangedSince, NotFound, NotUndoable, UserNameTaken
from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import MOVES, Status
from bo_panel.domain.plans import SAME
from bo_panel.models import AuditEvent, ChangeSet, Job, SignInSession, Undo, User
from bo_panel.queries.sql import probe
from bo_panel.services.engine import Context, Needs, SetChange
from bo_panel.services.engine.change import WILL_CHANGE, refused

EVENT = "users.undone"
MOVED = frozenset({EVENT, *(move.event for move in MOVES.values())})
"""The events that tell of a status before and after."""


def undo_of(session: Session, change_set_id: int) -> SetChange:
    """Return the change that takes a run back; raise NotFound for no such run, NotUndoable for one of another sort."""
    if session.get(ChangeSet, change_set_id) is None:
        raise NotFound
    was, now = AuditEvent.before["status"].as_string(), AuditEvent.after["status"].as_string()
    rows = session.execute(select(AuditEvent.event, was, now).where(AuditEvent.change_set_id == change_set_id).distinct()).all()
    if not rows or {event for event, _was, _now in rows} - MOVED:
        raise NotUndoable
    found, left = {Status(before) for _event, before, _after in rows}, {Status(after) for _event, _before, after in rows}
    return RestoreStatus(undoes_id=change_set_id, found=frozenset(found), left=frozenset(left))


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreStatus(SetChange):
    """Give users the status back that they had before a run; `found` are all statuses that it found, `left` all that it left."""

    undoes_id: int
    found: frozenset[Status]
    left: frozenset[Status]

    event = EVENT

    @property
    def key(self) -> str:  # type: ignore[override]
        """The move that this amounts to: plugins that object to it object to this too."""
        if not self._shuts_out:
            return "users.enable"
        return "users.delete" if Status.DELETED in self.found else "users.disable"

    @property
    def requires(self) -> Needs:
        """The level that the run asked for, or that the way back asks for, whichever is more."""
        return Needs("users", "delete" if Status.DELETED in self.found | self.left else "edit")

    @property
    def _shuts_out(self) -> bool:
        return bool(self.left & {Status.ACTIVE} and self.found - {Status.ACTIVE})

    def notice(self) -> Mapping[str, Any]:
        """Return what is taken back."""
        return {"undoes": self.undoes_id}

    def check(self, context: Context) -> None:
        """Raise when it was taken back already, or is being taken back."""
        over = or_(Job.id.is_(None), Job.state.in_((JobState.WAITING, JobState.RUNNING, JobState.DONE)))
        others = select(ChangeSet.actor_name).join(Undo, Undo.change_set_id == ChangeSet.id).outerjoin(Job, Job.change_set_id == ChangeSet.id)
        mine = Undo.change_set_id != context.change_set_id
        who = context.session.scalar(others.where(Undo.undoes_id == self.undoes_id, mine, over).limit(1))
        if who is not None:
            raise AlreadyUndone(who=who)

    def begin(self, context: Context) -> None:
        """Write down which run this takes back; of two that would do it at once, one waits for the other here."""
        session = context.session
        session.execute(select(ChangeSet.id).where(ChangeSet.id == self.undoes_id).with_for_update())
        if session.get(Undo, context.change_set_id) is None:
            self.check(context)
            session.add(Undo(change_set_id=context.change_set_id, undoes_id=self.undoes_id))
            session.flush()

    def outcome(self, context: Context) -> ColumnElement[str]:
        """Return SAME for those who are as they were; refuse those who were changed since, or whose name somebody else has now."""
        was = self._was()
        return case(
            (cast(User.status, Text) == was, literal(SAME)),
            (self._changed_since(context), refused(ChangedSince)),
            (self._taken(context), refused(UserNameTaken)),
            else_=WILL_CHANGE,
        )

    def unseats(self, context: Context, units: SQLColumnExpression[int]) -> ColumnElement[bool] | None:
        """Return that whoever could not sign in before is no owner any more."""
        return self._was() != Status.ACTIVE.value if self._shuts_out else None

    def trail(self, context: Context, chosen: ColumnElement[bool]) -> Select[Any]:
        """Return one row per user who gets his status back."""
        run = self._run()
        columns = (User.id, User.home_id, run.after, run.before)
        return select(*columns).join_from(User, run, self._theirs(run)).where(chosen)

    def apply(self, context: Context, chosen: Select[int]) -> Sequence[UpdateBase]:
        """Return the status as it was; whoever could not sign in then loses every open session."""
        was = self._was()
        deleted_at = case((was == Status.DELETED.value, literal(context.now, User.__table__.c.deleted_at.type)), else_=None)
        values = {"status": type_coerce(was, User.__table__.c.status.type), "deleted_at": deleted_at, "version": User.version + 1}
        out = select(User.id).where(User.id.in_(chosen), User.status != Status.ACTIVE)
        return update(User).where(User.id.in_(chosen)).values(values), delete(SignInSession).where(SignInSession.user_id.in_(out))

    def _run(self) -> type[AuditEvent]:
        return aliased(AuditEvent)

    def _theirs(self, run: type[AuditEvent]) -> ColumnElement[bool]:
        return (run.change_set_id == self.undoes_id) & (run.user_id == User.id)

    def _was(self) -> ScalarSelect[Any]:
        run = self._run()
        return select(run.before["status"].as_string()).where(self._theirs(run)).correlate(User).scalar_subquery()

    def _changed_since(self, context: Context) -> ColumnElement[bool]:
        """Return the condition that something about the account was changed after the run; signing in changes nothing."""
        run, later = self._run(), self._run()
        rows: Select[Any] = (
            select(literal_column("1"))
            .select_from(run)
            .join(later, (later.user_id == run.user_id) & (later.id > run.id))
            .where(self._theirs(run), later.change_set_id != self.undoes_id, later.event.not_like("account.%"))
        )
        return probe(rows.correlate(User), context.name)

    def _taken(self, context: Context) -> ColumnElement[bool]:
        """Return the condition that somebody who was deleted cannot come back, since others sign in with his names by now."""
        other = aliased(User)
        names = (other.user_name_key == User.user_name_key, other.email_key == User.email_key, other.user_name_key == User.email_key)
        rows: Select[Any] = select(literal_column("1")).select_from(other).where(other.deleted_at.is_(None), other.id != User.id, or_(*names))
        return User.deleted_at.is_not(None) & probe(rows.correlate(User), context.name)
