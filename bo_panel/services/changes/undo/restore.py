"""Gives users back what they were before a run: their status, their fields, their roles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, String, and_, case, cast, delete, literal, not_, or_, select, type_coerce, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import UpdateBase

from bo_panel.domain.accounts import LIMITS
from bo_panel.domain.errors import AboveOwnUndo, AlreadyUndone, ChangedSince, EmailTaken, HomeKept, Refusal, RoleGone, UserNameTaken
from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import GONE, Status
from bo_panel.domain.plans import SAME
from bo_panel.models import ChangeSet, Job, SignInSession, Undo, User
from bo_panel.services.changes.access import away_of
from bo_panel.services.changes.identities import another_has, hold
from bo_panel.services.changes.profile import TAKING_OVER, bring_in_line
from bo_panel.services.changes.undo.profile import Profile
from bo_panel.services.changes.undo.roles import Roles
from bo_panel.services.changes.undo.told import Told, text, value
from bo_panel.services.engine import Context, Needs, SetChange, Strength
from bo_panel.services.engine.change import WILL_CHANGE, refused

EVENT = "users.undone"
HELD_NAMES = 100
"""Up to how many names that come back are kept from others meanwhile; the unique indexes guard those of larger runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreUsers(SetChange):
    """Make of users again what they were before a run; whoever was changed since is left alone."""

    told: Told

    event = EVENT

    @property
    def key(self) -> str:  # type: ignore[override]
        """What this amounts to, joined by `+`: plugins that object to one of it object to this too."""
        told = self.told
        keys = ["users.edit"] if told.columns else []
        keys += [self._move] if told.left else []
        keys += ["users.grant"] if told.taken else []
        keys += ["users.revoke"] if told.given else []
        return "+".join(keys)

    @property
    def requires(self) -> Needs:
        """The level that the run asked for, or that the way back asks for, whichever is more."""
        return Needs("users", "delete" if Status.DELETED in self.told.found | self.told.left else "edit")

    @property
    def strength(self) -> Strength:  # type: ignore[override]
        """As of what is taken back: setting what somebody signs in with takes the account over."""
        if TAKING_OVER & set(self.told.columns):
            return Strength.TAKE_OVER
        return Strength.CONTAIN if self.told.columns or self.told.left else Strength.HARMLESS

    @property
    def on_own_account(self) -> bool:  # type: ignore[override]
        """Whether it is about fields only."""
        return not self.told.left and not self.told.roles

    @property
    def on_guests(self) -> bool:  # type: ignore[override]
        """Whether it is about roles only."""
        return not self.told.left and not self.told.columns

    @property
    def _move(self) -> str:
        if not self._shuts_out:
            return "users.restore" if Status.ARCHIVED in self.told.left else "users.enable"
        moves = {Status.DELETED: "users.delete", Status.ARCHIVED: "users.archive"}
        return next((key for status, key in moves.items() if status in self.told.found), "users.disable")

    @property
    def _shuts_out(self) -> bool:
        return bool(self.told.left & {Status.ACTIVE} and self.told.found - {Status.ACTIVE})

    def notice(self) -> Mapping[str, Any]:
        """Return what is taken back."""
        return {"undoes": self.told.change_set_id}

    def check(self, context: Context) -> None:
        """Raise when all of it was taken back already, or is being taken back.

        Whoever saw only some of the users took back that part only, and leaves the rest to others; so does one who could change nobody.
        """
        run, undoes = aliased(ChangeSet), self.told.change_set_id
        others = select(ChangeSet.actor_name, ChangeSet.id).join(Undo, Undo.change_set_id == ChangeSet.id).join(run, run.id == Undo.undoes_id)
        going = Job.state.in_((JobState.WAITING, JobState.RUNNING))
        whole = and_(or_(Job.id.is_(None), Job.state == JobState.DONE), ChangeSet.selected >= run.changed, ChangeSet.changed > 0)
        others = others.outerjoin(Job, Job.change_set_id == ChangeSet.id).where(Undo.undoes_id == undoes, or_(going, whole))
        found = context.session.execute(others.where(Undo.change_set_id != context.change_set_id).limit(1)).one_or_none()
        if found is not None:
            raise AlreadyUndone(who=found.actor_name, change_set=found.id)

    def begin(self, context: Context) -> None:
        """Write down which run this takes back; of two that would do it at once, one waits for the other here."""
        session, undoes = context.session, self.told.change_set_id
        session.execute(select(ChangeSet.id).where(ChangeSet.id == undoes).with_for_update())
        if session.get(Undo, context.change_set_id) is None:
            self.check(context)
            session.add(Undo(change_set_id=context.change_set_id, undoes_id=undoes))
            session.flush()
        if {"user_name_key", "email_key"} & set(self.told.columns):
            self._hold_names(context)

    def outcome(self, context: Context) -> ColumnElement[str]:
        """Return SAME for those who are as they were; refuse those who were changed since, and what cannot or may not come back."""
        refusals = [(self.told.changed_since(context.name), ChangedSince), *self._of_names(context), *self._of_roles(context)]
        cases = [(condition, refused(refusal)) for condition, refusal in refusals]
        return case((not_(or_(*self._differ(context))), literal(SAME)), *cases, else_=WILL_CHANGE)

    def unseats(self, context: Context, units: SQLColumnExpression[int]) -> ColumnElement[bool] | None:
        """Return that whoever could not sign in before, or did not hold an owner's role there, is no owner any more."""
        found = [self._was("status") != Status.ACTIVE.value] if self._shuts_out else []
        taken = self._roles(context).unseats(units)
        found += [taken] if taken is not None else []
        return or_(*found) if found else None

    def removes(self, context: Context) -> ColumnElement[bool] | None:
        """Return that whoever had left for good before leaves again."""
        found = sorted(self.told.found & GONE) if self.told.left else []
        return self._was("status").in_(found) if found else None

    def trail(self, context: Context, chosen: ColumnElement[bool]) -> Select[Any]:
        """Return the rows of the run, turned round."""
        row = self.told.row()
        after = self._roles(context).after(row) if self.told.taken else row.before
        return select(User.id, row.unit_id, row.after, after).join_from(User, row, self.told.theirs(row)).where(chosen)

    def apply(self, context: Context, chosen: Select[int]) -> Sequence[UpdateBase]:
        """Return what makes them so; whoever could not sign in then loses every open session."""
        roles = self._roles(context).apply(chosen) if self.told.roles else ()
        values: dict[str, Any] = {name: self._was(name) for name in self.told.columns if name in User.__table__.c}
        values |= Profile(self.told).values(context, self._was)
        if self.told.left:
            values |= self._status(context)
        if self.told.roles:
            values |= {"away": away_of(), "access_version": User.access_version + 1}
        out = select(User.id).where(User.id.in_(chosen), User.status != Status.ACTIVE)
        ended = (delete(SignInSession).where(SignInSession.user_id.in_(out)),) if self.told.left else ()
        back = update(User).where(User.id.in_(chosen)).values(**values, version=User.version + 1)
        return (*roles, back, *Profile(self.told).statements(chosen), *ended)

    def finish(self, context: Context, chosen: Select[int]) -> None:
        """Bring what users are found and sorted by in line with the names that came back."""
        if self.told.columns:
            Profile(self.told).finish(context, chosen)
            bring_in_line(context, chosen)

    def _roles(self, context: Context) -> Roles:
        return Roles(self.told, context, self.requires)

    def _was(self, name: str) -> ColumnElement[Any]:
        """Return what a column of `user` held before the run."""
        row = self.told.row()
        found = text(row.before, name) if name == "status" else value(row.before, name)
        of_it = text(row.before, name).is_not(None) if name == "status" else self.told.of_columns(row)
        return select(found).where(self.told.theirs(row), of_it).correlate(User).scalar_subquery()

    def _status(self, context: Context) -> dict[str, Any]:
        was = self._was("status")
        deleted_at = case((was == Status.DELETED.value, literal(context.now, User.__table__.c.deleted_at.type)), else_=None)
        return {"status": type_coerce(was, User.__table__.c.status.type), "deleted_at": deleted_at}

    def _differ(self, context: Context) -> Sequence[ColumnElement[bool]]:
        """Return the conditions that something is not as it was before the run."""
        found = [cast(User.status, String) != self._was("status")] if self.told.left else []
        if self.told.columns:
            row = self.told.row()
            other = [getattr(User, name).is_distinct_from(value(row.before, name)) for name in self.told.columns if name in LIMITS]
            found.append(self.told.any_row(context.name, row, self.told.of_columns(row), or_(*other, *Profile(self.told).differ(row))))
        return [*found, self._roles(context).differ()] if self.told.roles else found

    def _of_roles(self, context: Context) -> Sequence[tuple[ColumnElement[bool], type[Refusal]]]:
        if not self.told.roles:
            return []
        roles = self._roles(context)
        return [(roles.home_lost(), HomeKept), (roles.above_own(), AboveOwnUndo), (roles.gone(), RoleGone)]

    def _of_names(self, context: Context) -> Sequence[tuple[ColumnElement[bool], type[Refusal]]]:
        """Return the conditions that somebody else signs in by now with a name that would come back."""
        found: list[tuple[ColumnElement[bool], type[Refusal]]] = []
        if Status.DELETED in self.told.left:
            again = [another_has(context, key) for key in (User.user_name_key, User.email_key)]
            found.append((and_(User.deleted_at.is_not(None), or_(*again)), UserNameTaken))
        columns = {"user_name_key": UserNameTaken, "email_key": EmailTaken}
        found += Profile(self.told).refusals(context)
        return [*found, *((another_has(context, self._was(name)), refusal) for name, refusal in columns.items() if name in self.told.columns)]

    def _hold_names(self, context: Context) -> None:
        row = self.told.row()
        keys = [text(row.before, name) for name in ("user_name_key", "email_key") if name in self.told.columns]
        rows = select(*keys).where(row.change_set_id == self.told.change_set_id, self.told.of_columns(row)).limit(HELD_NAMES + 1)
        found = context.session.execute(rows).all()
        if len(found) <= HELD_NAMES:
            hold(context, [name for names in found for name in names if name])
