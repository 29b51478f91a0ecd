"""Units: one, several, and the ones below a place that a text finds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bo_panel.domain.identifiers import folded, sort_form
from bo_panel.domain.units import UnitPath
from bo_panel.models import Unit
from bo_panel.queries.sql import within
from bo_panel.queries.visible import Scope


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as others refer to it."""

    id: int
    name: str
    kind: str
    path: UnitPath


def place(session: Session, unit_id: int) -> Place | None:
    """Return one unit, or None; one statement."""
    return places(session, (unit_id,)).get(unit_id)


def places(session: Session, unit_ids: Iterable[int]) -> Mapping[int, Place]:
    """Return these units by id, those that exist; one statement."""
    rows = session.execute(_places().where(Unit.id.in_(sorted(set(unit_ids)))))
    return {row.id: _place(row) for row in rows}


def units_below(session: Session, scope: Scope, kinds: Sequence[str], text: str = "", limit: int = 20) -> Sequence[Place]:
    """Return up to `limit` units of these kinds in scope whose name contains the text, by name; one statement."""
    rows = _below(scope.paths, tuple(kinds))
    if text:
        rows = rows.where(Unit.sort_name.contains(folded(text), autoescape=True))
    return [_place(row) for row in session.execute(rows.order_by(Unit.sort_name, Unit.id).limit(limit))]


def units_called(session: Session, name: str, limit: int = 10) -> Sequence[Place]:
    """Return up to `limit` units with this name, however it is spelled, in order of their ids; one statement."""
    rows = session.execute(_places().where(Unit.sort_name == sort_form(name)).order_by(Unit.id).limit(limit))
    return [_place(row) for row in rows]


@lru_cache(maxsize=500)
def _below(paths: tuple[UnitPath, ...], kinds: tuple[str, ...]) -> Select[int, str, str, str]:
    return _places().where(Unit.kind.in_(kinds), within(Unit.path, paths))


def _places() -> Select[int, str, str, str]:
    return select(Unit.id, Unit.name, Unit.kind, Unit.path)


def _place(row: Any) -> Place:
    return Place(row.id, row.name, row.kind, UnitPath(row.path))
