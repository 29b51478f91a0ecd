"""The one place that narrows a select of users to the units an actor may look into.

Three shapes of one condition, because no single one is fast for small and for large subtrees alike: two to filter a list with
that is walked, and one to gather users from their units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, SQLColumnExpression, and_, false, func, literal_column, or_, select, true
from sqlalchemy.orm import aliased

from bo_panel.domain.actors import ROOT
from bo_panel.domain.units import UnitPath, minimal
from bo_panel.models import Grant, Unit, User
from bo_panel.queries.sql import POSTGRESQL, Now, live, probe, through, unhinted, within

FEW_UNITS = 1_000
FEW_USERS = 100
_HELD = aliased(Grant)


class Shape(Enum):
    """How the condition is asked of each user."""

    EVERYTHING = auto()
    HASH = auto()
    PROBE = auto()


@dataclass(frozen=True, slots=True)
class Scope:
    """The subtrees that an actor may look into."""

    paths: tuple[UnitPath, ...]

    @property
    def everything(self) -> bool:
        """Whether the root is among them."""
        return ROOT in self.paths

    def covers(self, path: UnitPath) -> bool:
        """Return whether the unit at `path` may be looked into."""
        return any(top.covers(path) for top in self.paths)

    def narrowed(self, path: UnitPath) -> "Scope":
        """Return what of this scope lies at or beneath `path`."""
        if self.covers(path):
            return Scope((path,))
        return Scope(minimal(top for top in self.paths if path.covers(top)))

    def units(self) -> Select[int]:
        """Return the select of the ids of all units in scope."""
        return select(Unit.id).where(within(Unit.path, self.paths))

    def gathering(self) -> CTE:
        """Return the units in scope as a named part of a statement, to gather users from."""
        return self.units().cte("in_scope").prefix_with("MATERIALIZED")


def shape_for(scope: Scope, units_in: int) -> Shape:
    """Return the shape that suits a list that is walked, by the units in scope (counted up to a little over the limit)."""
    if scope.everything:
        return Shape.EVERYTHING
    return Shape.HASH if units_in <= FEW_UNITS else Shape.PROBE


def shape_of(users: int | None) -> Shape:
    """Return the shape that suits a statement which looks at so many users, or at nobody knows how many: for many all units are read first."""
    return Shape.PROBE if users is not None and users <= FEW_USERS else Shape.HASH


def visible(scope: Scope, now: Now, name: str, shape: Shape = Shape.PROBE) -> ColumnElement[bool]:
    """Return the condition on `user`: at home in scope, or holding a live grant there."""
    if scope.everything:
        return true()
    if not scope.paths:
        return false()
    return _hashed(scope, now, name) if shape is Shape.HASH else _probed(scope, now, name)


@lru_cache(maxsize=500)
def at_home(scope: Scope, name: str, shape: Shape = Shape.PROBE) -> ColumnElement[bool]:
    """Return the condition on `user` that the account itself belongs to a unit in scope."""
    if scope.everything:
        return true()
    if not scope.paths:
        return false()
    return _by_units(scope, name)[0] if shape is Shape.HASH else _home_probed(scope, name)


def in_units(column: SQLColumnExpression[int], units: Select[int], name: str, shape: Shape) -> ColumnElement[bool]:
    """Return the condition that a column is one of these units, which are a select from `unit` alone; never unknown."""
    if shape is Shape.HASH:
        return func.coalesce(unhinted(column, name).in_(units), false())
    return probe(units.where(Unit.id == column).correlate_except(Unit), name)


def gathered(units: CTE, now: Now, name: str, rows: Select[Any]) -> Sequence[Select[Any]]:
    """Return two selects that together give the rows of `rows` in these units: those at home there, and guests with a grant there.

    `rows` selects from `user` alone.
    """
    mine = select(units.c.id).correlate(None)
    elsewhere = ~func.coalesce(unhinted(User.home_id, name).in_(mine), false())
    visitors = guests(units, name).where(live(Grant.expires_at, now)).distinct().subquery("guests")  # read as far as is needed, unlike an IN
    home = through(units, rows, User.home_id == units.c.id, name)
    return home, through(visitors, rows.where(User.away, elsewhere), User.id == visitors.c.user_id, name)


def inhabitants(units: CTE, name: str) -> Select[int]:
    """Return the select of the ids of users at home in these units."""
    return through(units, select(User.id).where(User.deleted_at.is_(None)), User.home_id == units.c.id, name)


def guests(units: CTE, name: str) -> Select[int]:
    """Return the select of the ids of users with a grant in these units that is not at their home, once for each grant.

    In a join, SQLite would first read all grants into a Bloom filter.
    """
    held = select(Grant.user_id).where(Grant.away)
    if name == POSTGRESQL:
        return held.join_from(units, Grant, Grant.unit_id == units.c.id)
    return held.where(Grant.unit_id.in_(select(units.c.id)))


def _hashed(scope: Scope, now: Now, name: str) -> ColumnElement[bool]:
    home, guest = _by_units(scope, name)
    return or_(home, and_(User.away, probe(guest.where(live(_HELD.expires_at, now)).correlate(User), name)))


@lru_cache(maxsize=500)
def _by_units(scope: Scope, name: str) -> tuple[ColumnElement[bool], Select[Any]]:
    """Return what of the condition is the same at any moment: being at home in scope, and the grants there that are not at home."""
    units = scope.units()
    home, there = (in_units(column, units, name, Shape.HASH) for column in (User.home_id, _HELD.unit_id))
    return home, select(literal_column("1")).where(_HELD.user_id == User.id, _HELD.away, there)


def _probed(scope: Scope, now: Now, name: str) -> ColumnElement[bool]:
    held, unit = aliased(Grant), aliased(Unit)
    guest: Select[Any] = (
        select(literal_column("1"))
        .select_from(held)
        .join(unit, unit.id == held.unit_id)
        .where(held.user_id == User.id, held.away, live(held.expires_at, now), within(unit.path, scope.paths))
    )
    return or_(_home_probed(scope, name), and_(User.away, probe(guest.correlate(User), name)))


def _home_probed(scope: Scope, name: str) -> ColumnElement[bool]:
    unit = aliased(Unit)
    home: Select[Any] = select(literal_column("1")).where(unit.id == User.home_id, within(unit.path, scope.paths))
    return probe(home.correlate(User), name)
