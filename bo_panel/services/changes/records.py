"""Records, the rows of a plugin's page: added, edited and deleted at their unit, by whoever holds the page's level there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update

from bo_panel.domain.errors import (
    Invalid,
    NotAllowed,
    NotFound,
    RecordChanged,
    RecordProblem,
    RecordsRefused,
    RecordTaken,
    Refusal,
    UnknownUnit,
)
from bo_panel.domain.profile_fields import PROFILE
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.pages import ModelPage
from bo_panel.queries.records import UNIT_KIND, UNIT_NAME, UNIT_PATH, record
from bo_panel.queries.units import Place, places
from bo_panel.queries.visible import Scope
from bo_panel.services.changes.record_values import Keeper, as_typed, names_of, same_person, told_of
from bo_panel.services.engine import Context, Needs, SingleChange, Trail

Typed = Mapping[str, str]
"""What was typed for one record, by the key of the field."""
MOST_RECORDS = 20_000
"""How many records are added together at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange(SingleChange):
    """A change of records of one page."""

    page: ModelPage

    verb = "edit"

    @property
    def requires(self) -> Needs:
        """The level that the page asks for."""
        return Needs(*self.page.needs(self.verb))

    def check(self, context: Context, unit: Place | None) -> Place:
        """Return the unit; raise NotFound where the actor sees no records of it, NotAllowed where he may not do this."""
        access = context.actor.access
        if unit is None or not access.allows(*self.page.needs("view"), unit.path):
            raise NotFound
        if not access.allows(*self.requires, unit.path):
            raise NotAllowed(where=unit.name)
        return unit

    def trail(self, event: str, unit_id: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> Trail:
        """Return what the trail shows of one record."""
        return Trail(event, unit_id, None, before, {"page": self.page.key, **after})


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRecords(RecordChange):
    """Add records to a unit, all or none."""

    unit_id: int
    rows: Sequence[Typed]

    key = "records.add"

    def notice(self) -> Mapping[str, Any]:
        """Return the page, the unit, and what was typed."""
        return {"page": self.page.key, "unit": self.unit_id, "records": [dict(row) for row in self.rows]}

    def run(self, context: Context) -> Sequence[Trail]:
        """Add them; of one the first thing that is wrong is raised, of several everything, as RecordsRefused."""
        found = places(context.session, (self.unit_id,)).get(self.unit_id)
        unit = self.check(context, found)
        if unit.kind not in self.page.unit_kinds:
            raise UnknownUnit("unit")
        if len(self.rows) > MOST_RECORDS:
            raise Invalid(reason=f"These are {len(self.rows):,}; at most {MOST_RECORDS:,} are added together.")
        stored = self._stored(Keeper(context, self.page, unit.id))
        return list(self._inserted(context, unit, stored)) if stored else []

    def _stored(self, keeper: Keeper) -> Sequence[Mapping[str, Any]]:
        stored: dict[int, Mapping[str, Any]] = {}
        refused: dict[int, list[Refusal]] = defaultdict(list)
        for place, typed in enumerate(self.rows):
            columns, wrong = keeper.tried(typed)
            if wrong:
                refused[place] += wrong
            else:
                stored[place] = columns
        places = list(stored)
        for place, field in keeper.taken(list(stored.values())):
            refused[places[place]].append(RecordTaken(field))
        if refused and len(self.rows) == 1:
            raise refused[0][0]
        if refused:
            labels = names_of(self.page)
            told = ((place, found) for place in sorted(refused) for found in refused[place])
            raise RecordsRefused([RecordProblem(place, labels.get(found.field.removeprefix(PROFILE), ""), str(found)) for place, found in told])
        return list(stored.values())

    def _inserted(self, context: Context, unit: Place, stored: Sequence[Mapping[str, Any]]) -> Iterator[Trail]:
        table = self.page.table
        rows = [{**row, self.page.unit: unit.id, "version": 1} for row in stored]
        ids = context.session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows).all()
        for typed, row, record_id in zip(self.rows, stored, ids, strict=True):
            told = told_of(self.page, row, typed)
            yield self.trail("records.added", unit.id, {}, {"record": record_id, "name": self.page.name_of(told), **told})


@dataclass(frozen=True, slots=True, kw_only=True)
class OneRecordChange(RecordChange):
    """A change of one record that there is."""

    record_id: int
    version: int
    """The version that was read."""

    def notice(self) -> Mapping[str, Any]:
        """Return which record of which page it is."""
        return {"page": self.page.key, "record": self.record_id}

    def row(self, context: Context) -> tuple[Any, Place]:
        """Return the record and its unit; raise RecordChanged when somebody else changed it since it was read."""
        table = self.page.table
        context.session.execute(select(table.c.id).where(table.c.id == self.record_id).with_for_update())
        seen = Scope(context.actor.access.reach(*self.page.needs("view")))
        found = record(context.session, self.page, seen, self.record_id)
        if found is None:
            raise NotFound
        told = found._mapping
        unit = self.check(context, Place(told["unit:id"], told[UNIT_NAME], told[UNIT_KIND], UnitPath(told[UNIT_PATH])))
        if found.version != self.version:
            raise RecordChanged
        return found, unit


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRecord(OneRecordChange):
    """Put what was typed in place of what a record holds; fields that were not typed stay."""

    typed: Typed

    key = "records.edit"

    def notice(self) -> Mapping[str, Any]:
        """Return the record, and what was typed."""
        return {"page": self.page.key, "record": self.record_id, "typed": dict(self.typed)}

    def run(self, context: Context) -> Sequence[Trail]:
        """Edit it; nothing is written where nothing is different."""
        found, unit = self.row(context)
        before = as_typed(self.page, found)
        kept = frozenset(person.key for person in self.page.people if same_person(before[person.key], self.typed.get(person.key)))
        keeper = Keeper(context, self.page, unit.id, kept)
        stored = keeper.stored({**before, **self.typed})
        taken = next(keeper.taken([stored], self.record_id), None)
        if taken:
            raise RecordTaken(taken[1])
        table = self.page.table
        context.session.execute(update(table).where(table.c.id == self.record_id).values(**stored, version=table.c.version + 1))
        after = as_typed(self.page, record(context.session, self.page, Scope((unit.path,)), self.record_id))
        changed = {key: value for key, value in after.items() if value != before[key]}
        if not changed:
            return []
        about = {"record": self.record_id, "name": self.page.name_of(after)}
        return [self.trail("records.edited", unit.id, {key: before[key] for key in changed}, {**about, **changed})]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRecord(OneRecordChange):
    """Delete a record for good."""

    key = "records.delete"
    verb = "delete"

    def run(self, context: Context) -> Sequence[Trail]:
        """Delete it; the trail keeps what it held."""
        found, unit = self.row(context)
        table, before = self.page.table, as_typed(self.page, found)
        context.session.execute(delete(table).where(table.c.id == self.record_id))
        held = {key: value for key, value in before.items() if value}
        return [self.trail("records.deleted", unit.id, held, {"record": self.record_id, "name": self.page.name_of(before)})]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRecords(RecordChange):
    """Put on the trail who took which table of how many records; it changes nothing, and no table leaves without it."""

    scope: Scope
    told: Mapping[str, Any]
    """How many, as what, with which columns and filters."""

    key = "records.export"
    verb = "view"

    def notice(self) -> Mapping[str, Any]:
        """Return what leaves."""
        return {"page": self.page.key, **self.told}

    def run(self, context: Context) -> Sequence[Trail]:
        """Return a line for each unit that the table is of; raise unless the actor may still see all of it."""
        seen = Scope(context.actor.access.reach(*self.requires))
        if not seen.paths or not all(map(seen.covers, self.scope.paths)):
            raise NotAllowed(where="this place")
        return [self.trail("records.exported", top.ids[-1], {}, self.told) for top in self.scope.paths]
