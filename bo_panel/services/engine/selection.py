"""Whom a change is applied to: some ids, or everybody who matches a query."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from bo_panel.domain.errors import NotFound, NothingSelected, TooMany
from bo_panel.hooks.host import Host
from bo_panel.models import AuditEvent, User
from bo_panel.queries.sql import Rows
from bo_panel.queries.starting import ALL
from bo_panel.queries.users import Wanted, everybody, matching
from bo_panel.queries.visible import Scope, Shape, shape_of, visible
from bo_panel.services.engine.context import Context
from bo_panel.services.engine.counting import Counted
from bo_panel.services.failing_columns import naming_columns


class Selection(Protocol):
    """Some users."""

    def condition(self, context: Context, scope: Scope) -> ColumnElement[bool]:
        """Return the condition on `user` that somebody is selected and visible in scope."""
        ...

    def people(self, context: Context, scope: Scope, rows: Select[Any], first: int = ALL) -> Rows:
        """Return the `rows`, a select from `user` alone, of everybody of whom the condition holds, to be read whole or the first so many."""
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
    def counted(self) -> Counted | None:
        """How many somebody saw, where they were counted and not named."""
        ...

    @property
    def told(self) -> Mapping[str, Any]:
        """What is kept of it with the run, as JSON; a query as such, and never the ids."""
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
    def counted(self) -> Counted | None:
        """They are named."""
        return None

    @property
    def told(self) -> Mapping[str, Any]:
        """How many they are."""
        return {"named": len(self.ids)}

    def condition(self, context: Context, scope: Scope) -> ColumnElement[bool]:
        """Return the condition for these ids."""
        chosen = User.id.in_(sorted(self.ids))
        return and_(chosen, User.deleted_at.is_(None), visible(scope, context.now, context.name, shape_of(len(self.ids))))

    def people(self, context: Context, scope: Scope, rows: Select[Any], first: int = ALL) -> Rows:
        """Return the rows of those whom the condition finds."""
        return rows.where(self.condition(context, scope))


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

    @property
    def told(self) -> Mapping[str, Any]:
        """The query."""
        wanted = self.wanted
        query = {
            "search": wanted.search,
            "statuses": [status.value for status in wanted.statuses],
            "roles": list(wanted.roles),
            "signed_in": wanted.signed_in,
            "beneath": wanted.beneath.text if wanted.beneath else None,
        }
        fields = {"fields": [found.told for found in wanted.fields]} if wanted.fields else {}
        least = {"at_least": [[column.key, number] for column, number in wanted.at_least]} if wanted.at_least else {}
        return {"query": {**query, **fields, **least}}

    def condition(self, context: Context, scope: Scope) -> ColumnElement[bool]:
        """Return the condition that the list itself would use."""
        return and_(User.deleted_at.is_(None), *self._known(), *matching(scope, self.wanted, context.now, context.name))

    def people(self, context: Context, scope: Scope, rows: Select[Any], first: int = ALL) -> Rows:
        """Return the rows, found as the list finds them, and not by looking at everybody there is."""
        return everybody(context.session, scope, replace(self.wanted, size=first), context.now, rows.where(*self._known()))

    def _known(self) -> tuple[ColumnElement[bool], ...]:
        return () if self.counted is None else (User.id <= self.counted.high_water,)


@dataclass(frozen=True, slots=True)
class Changed:
    """Everybody whom a run of the engine changed, whatever has become of them."""

    change_set_id: int
    counted: Counted | None = None
    expected: int | None = None
    versions: int | None = None

    @property
    def told(self) -> Mapping[str, Any]:
        """The run."""
        return {"changed_by": self.change_set_id}

    def condition(self, context: Context, scope: Scope) -> ColumnElement[bool]:
        """Return the condition that somebody is on the trail of that run."""
        theirs = select(AuditEvent.user_id).where(AuditEvent.change_set_id == self.change_set_id)
        return and_(User.id.in_(theirs), visible(scope, context.now, context.name, Shape.HASH))

    def people(self, context: Context, scope: Scope, rows: Select[Any], first: int = ALL) -> Rows:
        """Return the rows of those whom the condition finds."""
        return rows.where(self.condition(context, scope))


def naming(session: Session, host: Host, selection: Selection, now: datetime) -> AbstractContextManager[None]:
    """Refuse by its name what fails meanwhile of the columns of plugins that decide who is selected."""
    columns = [column for column, _least in selection.wanted.at_least] if isinstance(selection, Matching) else ()
    return naming_columns(session, host, columns, now)


def check_as_seen(context: Context, scope: Scope, selection: Selection) -> None:
    """Raise SelectionChanged unless those match who were counted, and NotFound unless there are as many as were named."""
    check_count(context, scope, selection)
    if selection.expected is not None:
        found = select(func.count(User.id)).where(selection.condition(context, scope))
        if selection.expected != context.session.scalar(found):
            raise NotFound


def check_count(context: Context, scope: Scope, selection: Selection) -> None:
    """Raise SelectionChanged unless those match whom somebody counted, those aside who were added since; two statements at most."""
    if selection.counted is not None:
        people = selection.people(context, scope, select(User.id))
        selection.counted.check(context, scope, people, selection.condition(context, scope))


def only(user_id: int, version: int | None = None) -> Ids:
    """Return the selection of one user; with the version that a form was filled with, if it was."""
    return Ids(frozenset({user_id}), version)
