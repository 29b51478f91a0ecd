"""What a job is to do and to whom, in the form in which it waits in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from bo_panel.domain.errors import ActionGone, ColumnGone
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.pages import Order
from bo_panel.domain.tabular import Format, Sheet
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.registry import Registry
from bo_panel.queries.filters import FieldIs
from bo_panel.queries.users import Wanted
from bo_panel.services.changes import change_named
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Changed, Counted, Ids, Matching, Selection, SetChange

EXPORT = "export"
"""What a stored task that exports does."""


@dataclass(frozen=True, slots=True)
class ActOnThem:
    """Do to users what is offered under a key: a move of the lifecycle, or an action of a plugin."""

    action: str


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take back what one run of the engine did."""

    change_set_id: int


@dataclass(frozen=True, slots=True)
class ExportThem:
    """Write a table of users into a file, in this order."""

    sheet: Sheet
    order: Order


Changing: TypeAlias = ActOnThem | TakeBack
"""What a job does that changes users."""
Task: TypeAlias = Changing | ExportThem


def stored_task(task: Task) -> Mapping[str, Any]:
    """Return a task as JSON."""
    if isinstance(task, ExportThem):
        return {"do": EXPORT, **asdict(task.sheet), "sort": task.order.key, "descending": task.order.descending}
    return {"do": "move", "move": task.action} if isinstance(task, ActOnThem) else {"do": "undo", "change_set": task.change_set_id}


def task_of(stored: Mapping[str, Any]) -> Task:
    """Return the task that was stored."""
    if stored["do"] == EXPORT:
        sheet = Sheet(Format(stored["format"]), tuple(stored["columns"]), tuple(stored["heads"]))
        return ExportThem(sheet, Order(stored["sort"], stored["descending"]))
    return ActOnThem(stored["move"]) if stored["do"] == "move" else TakeBack(stored["change_set"])


def change_of(session: Session, registry: Registry, task: Changing) -> SetChange:
    """Return the change that does a task; raise NotUndoable for a run that cannot be taken back, and ActionGone for what is not there any more."""
    if isinstance(task, TakeBack):
        return undo_of(session, task.change_set_id)
    change = change_named(registry, task.action)
    if change is None:
        raise ActionGone
    return change


def stored_selection(selection: Selection) -> Mapping[str, Any]:
    """Return a selection as JSON; a query is carried as such, and never as the ids that it finds."""
    counted = list(selection.counted) if selection.counted else None
    return {"ids": sorted(selection.ids)} if isinstance(selection, Ids) else {**selection.told, "counted": counted}


def selection_of(stored: Mapping[str, Any], registry: Registry) -> Selection:
    """Return the selection that was stored; raise ColumnGone where it is narrowed by a column that is gone."""
    counted = Counted(*stored["counted"]) if stored.get("counted") else None
    if "ids" in stored:
        return Ids(frozenset(stored["ids"]))
    if "changed_by" in stored:
        return Changed(stored["changed_by"], counted)
    return Matching(wanted_of(stored["query"], registry), counted)


def wanted_of(query: Mapping[str, Any], registry: Registry) -> Wanted:
    """Return the list that was asked for."""
    least: Sequence[tuple[str, int]] = query.get("at_least", ())
    gone = [key for key, _number in least if key not in registry.columns]
    if gone:
        raise ColumnGone(name=gone[0])
    return Wanted(
        search=query["search"],
        statuses=tuple(Status(status) for status in query["statuses"]),
        roles=tuple(query["roles"]),
        signed_in=query["signed_in"],
        beneath=UnitPath(query["beneath"]) if query["beneath"] else None,
        fields=tuple(FieldIs.of(told) for told in query.get("fields", ())),
        at_least=tuple((registry.columns[key], number) for key, number in least),
    )
