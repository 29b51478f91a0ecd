"""Keyset pages: where a page starts costs the same at any depth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, bindparam, func, literal_column, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from bo_panel.domain.pages import Order, Place, Step

Row = TypeVar("Row")
COUNT_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, what lies around them, and how many there are (counted up to 1,001)."""

    rows: Sequence[Row]
    previous: Place | None
    next: Place | None
    count: int

    @property
    def counted_out(self) -> bool:
        """Whether there are more rows than are counted."""
        return self.count > COUNT_LIMIT


@dataclass(frozen=True, slots=True)
class Keyset:
    """A sortable column with the id behind it, walked from a step on."""

    column: ColumnElement[Any] | InstrumentedAttribute[Any]
    id: ColumnElement[int] | InstrumentedAttribute[int]
    order: Order
    step: Step

    @property
    def downwards(self) -> bool:
        """Whether rows are read from the largest value down."""
        return self.order.descending is not self.step.backwards

    @property
    def place(self) -> Mapping[str, Any]:
        """The parameters of `start`, and of how many rows are skipped; none for a place that this column cannot have."""
        place = self.step.place
        value = None if place is None else _stored(place.value, self.column)
        skipped = {"skip": self.step.skip} if self.step.skip else {}
        return skipped if place is None or value is None else {"place_value": value, "place_id": place.id}

    @property
    def anywhere(self) -> Step:
        """The step of a page that begins at some place, whichever it is: what two pages of one list have in common."""
        some = "" if self.column.type.python_type is str else 0
        return replace(self.step, place=Place(some, 0) if "place_id" in self.place else None, skip=min(self.step.skip, 1))

    def start(self) -> Sequence[ColumnElement[bool]]:
        """Return the condition that a row lies beyond the place; none on the first and on the last page."""
        place = self.place
        if "place_id" not in place:
            return ()
        here = tuple_(bindparam("place_value", place["place_value"], self.column.type), bindparam("place_id", place["place_id"], self.id.type))
        row = tuple_(self.column, self.id)
        return (row < here,) if self.downwards else (row > here,)

    def not_beyond(self, limit: str, among: ColumnElement[bool]) -> ColumnElement[bool]:
        """Return the condition that a row is one of the first of the walk; how many of them, says the parameter `limit`.

        Those that are counted need not be wanted; `among` is what the index of the order leaves out.
        """
        first = select(self.column.label("value"), self.id.label("id")).where(among, *self.start()).order_by(*self.sorting(self.column, self.id))
        walked = first.limit(bindparam(limit, type_=self.id.type)).subquery("walked")
        backwards = replace(self, step=replace(self.step, backwards=not self.step.backwards)).sorting(walked.c.value, walked.c.id)
        end = select(walked.c.value, walked.c.id).order_by(*backwards).limit(1).cte("walk_end").prefix_with("MATERIALIZED")
        row = tuple_(self.column, self.id)
        last = tuple_(select(end.c.value).scalar_subquery(), select(end.c.id).scalar_subquery())
        return row >= last if self.downwards else row <= last

    def sorting(self, column: SQLColumnExpression[Any], row_id: SQLColumnExpression[int]) -> tuple[SQLColumnExpression[Any], ...]:
        """Return the ORDER BY in reading direction."""
        return (column.desc(), row_id.desc()) if self.downwards else (column, row_id)


def page_of(found: Sequence[Any], keyset: Keyset, size: int, count: int) -> Page[Any]:
    """Return the page that up to size + 1 rows (with `sort_value` and `id`) make up, in the list's order."""
    more = len(found) > size
    rows = list(found[:size])
    backwards, given = keyset.step.backwards, keyset.step.place is not None or keyset.step.skip > 0
    if backwards:
        rows.reverse()
    has_next, has_previous = (given, more) if backwards else (more, given)
    first = _place(rows[0]) if rows and has_previous else None
    last = _place(rows[-1]) if rows and has_next else None
    return Page(rows, first, last, count)


def capped_count(rows: Select[Any], limit: int = COUNT_LIMIT, order: SQLColumnExpression[int] | None = None) -> Any:
    """Return a scalar subquery that counts the rows up to limit + 1, in an order if one is given."""
    ones: Select[Any] = rows.with_only_columns(literal_column("1"), maintain_column_froms=True).order_by(None).order_by(order).limit(limit + 1)
    return select(func.count()).select_from(ones.subquery()).scalar_subquery()


def _place(row: Any) -> Place:
    value = row.sort_value
    return Place(value.timestamp() if isinstance(value, datetime) else value, row.id)


def _stored(value: str | float, column: ColumnElement[Any] | InstrumentedAttribute[Any]) -> Any:
    """Return the value as the column's type, or None when a URL brought one of another type."""
    wanted = column.type.python_type
    if wanted is datetime:
        try:
            return datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else None
        except (OverflowError, ValueError, OSError):
            return None
    if wanted is int:
        return value if isinstance(value, int) and abs(value) < 2**63 else None
    return value if isinstance(value, wanted) and "\x00" not in str(value) else None
