"""What a change says of itself; the engine does the rest."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, literal, select
from sqlalchemy.sql.dml import UpdateBase

from bo_panel.domain.errors import Refusal
from bo_panel.domain.plans import CHANGE
from bo_panel.models import User
from bo_panel.queries.sql import json_object
from bo_panel.services.engine.context import Context


class Needs(NamedTuple):
    """The level of a resource that a change asks of its actor."""

    resource: str
    level: str


class Strength(Enum):
    """How much a change takes hold of an account, and so whom it may not be done to."""

    TAKE_OVER = auto()
    CONTAIN = auto()
    HARMLESS = auto()


@dataclass(frozen=True, slots=True)
class Trail:
    """One row for the audit log, written by a change of a single thing."""

    event: str
    unit_id: int
    user_id: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class Change(ABC):
    """Something that can be done; frozen, and named in the imperative."""

    key: ClassVar[str]

    @property
    @abstractmethod
    def requires(self) -> Needs:
        """The level that the actor must hold."""

    def notice(self) -> Mapping[str, Any]:
        """Return what plugins are told of this change; never a secret."""
        return {}


class SetChange(Change):
    """A change of any number of existing users, said in SQL, so that one and a hundred thousand cost the same."""

    event: ClassVar[str]
    strength: Strength = Strength.CONTAIN
    on_own_account: bool = False
    """Whether somebody may do this to himself."""
    on_guests: bool = False
    """Whether it may be done to those who are at home elsewhere."""
    one_at_a_time: bool = False
    """Whether it makes no sense for several users at once."""

    def check(self, context: Context) -> None:
        """Raise what is refused whomever it is done to."""

    def for_one(self, context: Context) -> bool:
        """Return whether it makes no sense for several users at once, so far as only the database or the plugins say so."""
        return self.one_at_a_time

    def begin(self, context: Context) -> None:
        """Write what belongs to the run as a whole; called in every transaction of it, before anything else is written."""

    @abstractmethod
    def outcome(self, context: Context) -> ColumnElement[str]:
        """Return what becomes of a user: CHANGE, SAME, or the code of a refusal."""

    def before(self, context: Context) -> Mapping[str, SQLColumnExpression[Any]]:
        """Return what the trail shows as it was, by field."""
        return {}

    def after(self, context: Context) -> Mapping[str, SQLColumnExpression[Any]]:
        """Return what the trail shows as it becomes, by field."""
        return {}

    def unseats(self, context: Context, units: SQLColumnExpression[int]) -> ColumnElement[bool] | None:
        """Return the condition that an owner of the unit would no longer be one, or None if nobody ceases to be an owner."""
        return None

    def removes(self, context: Context) -> ColumnElement[bool] | None:
        """Return the condition that a user leaves for good, or None if nobody does."""
        return None

    @abstractmethod
    def apply(self, context: Context, chosen: Select[int]) -> Sequence[UpdateBase]:
        """Return the statements that change the users whose ids `chosen` selects."""

    def finish(self, context: Context, chosen: Select[int]) -> None:
        """Bring in line what the database cannot derive by itself, after the statements of `apply`."""

    def trail(self, context: Context, chosen: ColumnElement[bool]) -> Select[Any]:
        """Return the select of `user_id, unit_id, before, after`: one row per thing that will change, for the users chosen."""
        return select(
            User.id,
            User.home_id,
            json_object(self.before(context), context.name),
            json_object(self.after(context), context.name),
        ).where(chosen)


class SingleChange(Change):
    """A change of one thing that is no user yet, or is a unit."""

    @abstractmethod
    def run(self, context: Context) -> Sequence[Trail]:
        """Check, write, and return what the trail shows, nothing if it is so already; raise a Refusal and nothing is written."""


def refused(refusal: type[Refusal]) -> ColumnElement[str]:
    """Return the outcome that stands for a refusal."""
    return literal(refusal.code)


WILL_CHANGE = literal(CHANGE)
