"""Whom a change is applied to: some ids, or everybody who matches a query."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, and_

from bo_panel.domain.errors import NothingSelected, TooMany
from bo_panel.models import User
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

    def condition(self, context: Context, scope: Scope) -> ColumnElement[bool]:
        """Return the condition for these ids."""
        chosen = User.id.in_(sorted(self.ids))
        return and_(chosen, User.deleted_at.is_(None), visible(scope, context.now, context.name))


@dataclass(frozen=True, slots=True)
class Matching:
    """Everybody who matches what is wanted of the list."""

    wanted: Wanted

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
        return and_(User.deleted_at.is_(None), *matching(scope, self.wanted, context.now, context.name))


def only(user_id: int, version: int | None = None) -> Ids:
    """Return the selection of one user; with the version that a form was filled with, if it was."""
    return Ids(frozenset({user_id}), version)
