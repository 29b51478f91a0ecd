"""Whom a change is applied to: some ids, or everybody who matches a query."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from bo_panel.domain.errors import NotFound, NothingSelected, SelectionChanged, TooMany
from bo_panel.models import AuditEvent, User
from bo_panel.queries.users import Wanted, matching
from bo_panel.queries.visible import Scope, visible
from bo_panel.services.engine.context import Context


class Selection(Protocol):
    """Some users."""

    def condition(self, context: Context, scope: Scope) -> ColumnElement[bool]:
        """Return the condition on `user` that somebody is selected and visible in scope."""
        ...

    @property
    def expected(self) -> int | None:
        """How many there must be, when that is known beforehand."""
        ...

    @property
    def versions(self) -> int | None:
        """The sum of their versions when the form was filled, where there was a form; another sum means that somebody else saved."""
        ...

    @property
    def counted(self) -> "Counted | None":
        """How many somebody saw, where they were counted and not named."""
        ...


@dataclass(frozen=True, slots=True)
class Ids:
    """These users; each must exist and be visible, or none is changed."""

    ids: frozenset[int]
    versions: int | None = None

    @classmethod
    def of(cls, ids: Iterable[int], limit: int, versions: int | None = None) -> "Ids":
        """Return the selection of these ids, of which there may be at most `limit`."""
        found = frozenset(ids)
        if not found:
            raise NothingSelected
        if len(found) > limit:
            raise TooMany(count=len(found), limit=limit)
        return cls(found, versions)

    @property
    def expected(self) -> int | None:
        """Every id counts."""
        return len(self.ids)

    @property
    def counted(self) -> "Counted | None":
        """They are named."""
        return None

    def condition(self, context: Context, scope: Scope) -> ColumnElement[bool]:
        """Return the condition for these ids."""
        chosen = User.id.in_(sorted(self.ids))
        return and_(chosen, User.deleted_at.is_(None), visible(scope, context.now, context.name))


class Counted(NamedTuple):
    """How many somebody saw matching, and the highest id there was then: whoever is added later is not meant."""

    users: int
    high_water: int

    def check(self, session: Session, selected: ColumnElement[bool]) -> None:
        """Raise unless as many are selected now."""
        now = session.scalar(select(func.count()).select_from(User).where(selected)) or 0
        if now != self.users:
            raise SelectionChanged(before=self.users, now=now)


@dataclass(frozen=True, slots=True)
class Matching:
    """Everybody who matches what is wanted of the list; where they were counted, nobody who was added since."""

    wanted: Wanted
    counted: Counted | None = None

    @property
    def expected(self) -> int | None:
        """Nobody counted."""
        return None

    @property
    def versions(self) -> int | None:
        """No form was filled."""
        return None

    def condition(self, context: Context, scope: Scope) -> ColumnElement[bool]:
        """Return the condition that the list itself would use."""
        known = () if self.counted is None else (User.id <= self.counted.high_water,)
        return and_(User.deleted_at.is_(None), *known, *matching(scope, self.wanted, context.now, context.name))


@dataclass(frozen=True, slots=True)
class Changed:
    """Everybody whom a run of the engine changed, whatever has become of them."""

    change_set_id: int
    counted: Counted | None = None
    expected: int | None = None
    versions: int | None = None

    def condition(self, context: Context, scope: Scope) -> ColumnElement[bool]:
        """Return the condition that somebody is on the trail of that run."""
        theirs = select(AuditEvent.user_id).where(AuditEvent.change_set_id == self.change_set_id)
        return and_(User.id.in_(theirs), visible(scope, context.now, context.name))


def check_as_seen(session: Session, selection: Selection, chosen: ColumnElement[bool]) -> None:
    """Raise SelectionChanged unless as many match as were counted, and NotFound unless there are as many as were named."""
    if selection.counted is not None:
        selection.counted.check(session, chosen)
    if selection.expected is not None and selection.expected != session.scalar(select(func.count(User.id)).where(chosen)):
        raise NotFound


def only(user_id: int, version: int | None = None) -> Ids:
    """Return the selection of one user; with the version that a form was filled with, if it was."""
    return Ids(frozenset({user_id}), version)
