"""Moving users along the lifecycle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, cast, delete, literal, null, true, update
from sqlalchemy import String as Text
from sqlalchemy.sql.dml import UpdateBase

from bo_panel.domain.errors import WrongState
from bo_panel.domain.lifecycle import Move, Status
from bo_panel.domain.plans import SAME
from bo_panel.models import SignInSession, User
from bo_panel.services.changes.profile_values import kept_or_let_go
from bo_panel.services.engine import Context, Needs, SetChange
from bo_panel.services.engine.change import WILL_CHANGE, refused


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveUsers(SetChange):
    """Move users along the lifecycle: disable, enable, archive, restore, delete."""

    move: Move

    @property
    def key(self) -> str:  # type: ignore[override]
        """The move's name among users."""
        return f"users.{self.move.key}"

    @property
    def event(self) -> str:  # type: ignore[override]
        """What the trail calls it."""
        return self.move.event

    @property
    def requires(self) -> Needs:
        """The level that the move asks for."""
        return Needs("users", self.move.level)

    def outcome(self, context: Context) -> ColumnElement[str]:
        """Return SAME for those who are there already, and refuse those whom the move does not start from."""
        return case(
            (User.status == self.move.to, literal(SAME)),
            (User.status.in_(self.move.sources), WILL_CHANGE),
            else_=refused(WrongState),
        )

    def unseats(self, context: Context, units: SQLColumnExpression[int]) -> ColumnElement[bool] | None:
        """Return that whoever can no longer sign in is no owner any more."""
        return true() if self.move.shuts_out else None

    def removes(self, context: Context) -> ColumnElement[bool] | None:
        """Return that everybody leaves, where the move is for good."""
        return true() if self.move.removes else None

    def before(self, context: Context) -> Mapping[str, ColumnElement[Any]]:
        """Return the status as it was."""
        return {"status": cast(User.status, Text)}

    def after(self, context: Context) -> Mapping[str, ColumnElement[Any]]:
        """Return the status as it becomes."""
        return {"status": cast(literal(self.move.to.value), Text)}

    def apply(self, context: Context, chosen: Select[int]) -> Sequence[UpdateBase]:
        """Return the new status; whoever is shut out loses every open session."""
        deleted_at = context.now if self.move.to is Status.DELETED else null()
        moved = update(User).where(User.id.in_(chosen)).values(status=self.move.to, deleted_at=deleted_at, version=User.version + 1)
        ended = delete(SignInSession).where(SignInSession.user_id.in_(chosen))
        if self.move.to is Status.DELETED:
            return (moved, ended, kept_or_let_go(chosen))
        return (moved, ended) if self.move.shuts_out else (moved,)
