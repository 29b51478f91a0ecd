"""What can be done to users under a name: the moves of the lifecycle, and the actions of plugins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, not_, select, true
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import UpdateBase

from bo_panel.domain.access import TYPE
from bo_panel.domain.errors import NotAllowed, NotAtHome, NotForThem
from bo_panel.domain.lifecycle import MOVES
from bo_panel.hooks.on_users import Action
from bo_panel.hooks.registry import Registry
from bo_panel.models import Grant, Unit, User
from bo_panel.queries.sql import live
from bo_panel.queries.switches import switches
from bo_panel.queries.visible import Scope, at_home
from bo_panel.services.changes.access_at_home import ChangeAccess, holds
from bo_panel.services.changes.profile import EditUsers
from bo_panel.services.changes.status import MoveUsers
from bo_panel.services.engine import Context, Needs, SetChange, Strength
from bo_panel.services.engine.change import refused


@dataclass(frozen=True, slots=True, kw_only=True)
class ActOnUsers(SetChange):
    """Do what an action of a plugin does, to those whom it is for; to plugins and to the trail it is the change that it makes."""

    action: Action
    change: SetChange

    @property
    def key(self) -> str:  # type: ignore[override]
        """That of the change."""
        return self.change.key

    @property
    def event(self) -> str:  # type: ignore[override]
        """That of the change."""
        return self.change.event

    @property
    def requires(self) -> Needs:
        """What the change asks for; what the action asks for comes to that."""
        return self.change.requires

    @property
    def strength(self) -> Strength:  # type: ignore[override]
        """That of the change."""
        return self.change.strength

    def notice(self) -> Mapping[str, Any]:
        """Return what the change tells, and which action makes it."""
        return {**self.change.notice(), "action": self.action.key}

    def check(self, context: Context) -> None:
        """Raise where the level that the action asks for is held nowhere, and what the change raises."""
        if not context.actor.access.anywhere(*self.action.needs):
            raise NotAllowed(where="this place")
        self.change.check(context)

    def for_one(self, context: Context) -> bool:
        """Return what the change says."""
        return self.change.for_one(context)

    def begin(self, context: Context) -> None:
        """Write what the change writes of the run as a whole."""
        self.change.begin(context)

    def outcome(self, context: Context) -> ColumnElement[str]:
        """Return what the change says, but for those whom the action is not for, and those at whose home its level is not held."""
        reach = Scope(context.actor.access.reach(*self.action.needs))
        cases = [(not_(self._meant(context)), refused(NotForThem))]
        cases += [] if reach.everything else [(not_(at_home(reach, context.name)), refused(NotAtHome))]
        return case(*cases, else_=self.change.outcome(context))

    def before(self, context: Context) -> Mapping[str, SQLColumnExpression[Any]]:
        """Return what the change tells."""
        return self.change.before(context)

    def after(self, context: Context) -> Mapping[str, SQLColumnExpression[Any]]:
        """Return what the change tells."""
        return self.change.after(context)

    def unseats(self, context: Context, units: SQLColumnExpression[int]) -> ColumnElement[bool] | None:
        """Return what the change says."""
        return self.change.unseats(context, units)

    def removes(self, context: Context) -> ColumnElement[bool] | None:
        """Return what the change says."""
        return self.change.removes(context)

    def apply(self, context: Context, chosen: Select[int]) -> Sequence[UpdateBase]:
        """Return the statements of the change."""
        return self.change.apply(context, chosen)

    def finish(self, context: Context, chosen: Select[int]) -> None:
        """Bring in line what the change brings in line."""
        self.change.finish(context, chosen)

    def trail(self, context: Context, chosen: ColumnElement[bool]) -> Select[Any]:
        """Return the rows of the change."""
        return self.change.trail(context, chosen)

    def _meant(self, context: Context) -> ColumnElement[bool]:
        held = aliased(Grant)
        types = sorted(TYPE + key for key in self.action.user_types)
        of_type = (held.unit_id == User.home_id, held.role_key.in_(types), live(held.expires_at, context.now))
        statuses = [User.status.in_(self.action.statuses)] if self.action.statuses else []
        off = [not_(User.home_id.in_(select(Unit.id).where(Unit.path.contains(f"/{unit_id}/")))) for unit_id in self._off(context)]
        return and_(true(), *statuses, *off, *([holds(context, held, *of_type)] if types else []))

    def _off(self, context: Context) -> Sequence[int]:
        """Return the units at which, and beneath which, the plugin is switched off."""
        return sorted(switches(context.session, context.registry).hiding(self.action.key))


def change_named(registry: Registry, key: str) -> SetChange | None:
    """Return the change that a move of the lifecycle, or an action of a plugin, makes; None for none of them."""
    if key in MOVES:
        return MoveUsers(move=MOVES[key])
    action = registry.actions.get(key)
    return None if action is None or action.page else ActOnUsers(action=action, change=_made_by(registry, action))


def _made_by(registry: Registry, action: Action) -> SetChange:
    if action.move:
        return MoveUsers(move=MOVES[action.move])
    if action.values:
        return EditUsers(profile=dict(action.values))
    if not action.user_type:
        return ChangeAccess(gives=frozenset(action.gives), takes=frozenset(action.takes) - frozenset(action.gives))
    gives = frozenset({TYPE + action.user_type})
    staying = {key for key, toggle in registry.toggles.items() if toggle.key in action.toggles}
    return ChangeAccess(gives=gives, takes=frozenset({*registry.types, *registry.toggles}) - gives - staying)
