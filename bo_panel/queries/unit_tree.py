"""The tree of units as it is looked at: the topmost units in sight, one branch at a time, hits of a search, and the way to a unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, bindparam, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from bo_panel.domain.identifiers import folded
from bo_panel.domain.pages import Order, Step
from bo_panel.domain.units import UnitPath
from bo_panel.models import Grant, Unit, User
from bo_panel.queries.page import Keyset, Page, capped_count, page_of
from bo_panel.queries.search import containing
from bo_panel.queries.sql import dialect, kept, live, probe, rows_of, within
from bo_panel.queries.units import Place
from bo_panel.queries.visible import Scope

MANY_USERS = 100
"""Up to so many users are counted at each unit of a page."""

ORDER = Order("name")


@dataclass(frozen=True, slots=True)
class Branch:
    """Which units are asked for: those directly below one, those that a text finds, or, of both none, the topmost in scope."""

    scope: Scope
    below: int | None = None
    search: str = ""

    @property
    def like(self) -> "Branch":
        """What this has in common with others that one statement answers: neither the unit nor the words."""
        return Branch(Scope(()) if self.below else self.scope, self.below and 1, self.search and "any")

    @property
    def values(self) -> Mapping[str, Any]:
        """The unit and the words, as parameters."""
        return {"below": self.below, "search": containing(folded(self.search))}

    def conditions(self) -> Sequence[ColumnElement[bool]]:
        """Return the conditions on `unit`."""
        if self.below is not None:
            return (Unit.parent_id == bindparam("below", type_=Unit.id.type),)
        if self.search:
            return within(Unit.path, self.scope.paths), Unit.sort_name.like(bindparam("search", type_=Unit.sort_name.type), escape="/")
        return (Unit.path.in_([path.text for path in self.scope.paths]),)


class Twig(NamedTuple):
    """A unit of a branch: with whether there is anything below it, and the users who are there, counted up to a little over the limit."""

    id: int
    name: str
    kind: str
    path: UnitPath
    opens: bool
    users: int


def units_page(session: Session, branch: Branch, step: Step, size: int, *, now: datetime) -> Page[Twig]:
    """Return one page of a branch by name; one statement, however many units there are.

    Whoever asks says in the scope what may be seen; of a unit that is named, its being in scope has to be seen to before.
    """
    keyset = Keyset(Unit.sort_name, Unit.id, ORDER, step)
    statement = _page(branch.like, Keyset(Unit.sort_name, Unit.id, ORDER, keyset.anywhere), size, dialect(session))
    found = rows_of(session, statement, {"now": now, **branch.values, **keyset.place})
    page = page_of(found, keyset, size, found[0].total if found else 0)
    return Page([_twig(row) for row in page.rows], page.previous, page.next, page.count)


def way_to(session: Session, unit_id: int) -> Sequence[Place]:
    """Return the units from the root to this one, or nothing if it does not exist; one statement."""
    return [Place(row.id, row.name, row.kind, UnitPath(row.path)) for row in rows_of(session, _way(), {"unit_id": unit_id})]


@kept
def _page(branch: Branch, keyset: Keyset, size: int, name: str) -> Select[Any]:
    conditions = branch.conditions()
    keys = select(Unit.id, Unit.sort_name.label("sort_value")).where(*conditions, *keyset.start())
    page = keys.order_by(*keyset.sorting(Unit.sort_name, Unit.id)).limit(size + 1).cte("page_keys").prefix_with("MATERIALIZED")
    total = capped_count(select(Unit.id).where(*conditions))
    columns = (Unit.id, Unit.name, Unit.kind, Unit.path, page.c.sort_value, total.label("total"), _next_path().label("next_path"))
    rows = select(*columns, _at_home().label("home"), _guests(name).label("guests")).join_from(page, Unit, Unit.id == page.c.id)
    return rows.order_by(*keyset.sorting(page.c.sort_value, page.c.id))


def _twig(row: Any) -> Twig:
    path = UnitPath(row.path)
    opens = row.next_path is not None and path.covers(UnitPath(row.next_path))
    return Twig(row.id, row.name, row.kind, path, opens, row.home + row.guests)


def _next_path() -> Any:
    """Return the path that follows that of a unit: one step in the index, and inside the unit if there is anything below it."""
    other = aliased(Unit)
    return select(other.path).where(other.path > Unit.path).order_by(other.path).limit(1).correlate(Unit).scalar_subquery()


def _at_home() -> Any:
    """Return the count of the users at home at a unit."""
    return _few(select(User.id).where(_is_here(User.home_id), User.deleted_at.is_(None)).order_by(User.home_id, User.id))


def _guests(name: str) -> Any:
    """Return the count of the users who hold something at a unit without being at home there."""
    still = live(Grant.expires_at, bindparam("now", type_=Grant.expires_at.type))
    kept: Select[Any] = select(literal_column("1")).where(User.id == Grant.user_id, User.deleted_at.is_(None))
    held = select(Grant.unit_id, Grant.user_id).where(_is_here(Grant.unit_id), Grant.away, still, probe(kept.correlate(Grant), name))
    return _few(held.distinct().order_by(Grant.unit_id, Grant.user_id))


def _is_here(unit_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Return the condition that something is at a unit, said as a range, so that PostgreSQL reads its index in order.

    Where few units are anybody's home, an equality looks to it as if most users met it, and it would read all of them for each unit.
    """
    return unit_id.between(Unit.id, Unit.id)


def _few(rows: Any) -> Any:
    return select(func.count()).select_from(rows.correlate(Unit).limit(MANY_USERS + 1).subquery()).scalar_subquery()


@kept
def _way() -> Select[Any]:
    columns = (Unit.id, Unit.parent_id, Unit.name, Unit.kind, Unit.path)
    way = select(*columns).where(Unit.id == bindparam("unit_id", type_=Unit.id.type)).cte("way", recursive=True)
    above = aliased(Unit)
    way = way.union_all(select(above.id, above.parent_id, above.name, above.kind, above.path).join(way, above.id == way.c.parent_id))
    return select(way).order_by(func.length(way.c.path))
