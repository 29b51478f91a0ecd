"""The list of records: what it can be asked for, and what it shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bo_panel.domain.pages import Order
from bo_panel.domain.profile_fields import NO, YES, FieldType
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.pages import CONTAINED, ModelPage
from bo_panel.queries.page import Page
from bo_panel.queries.records import EARLIER, NOBODY, PERIODS, PERSON, UNIT_NAME, UNIT_PATH, WantedRecords, looking_after
from bo_panel.queries.units import Place, units_below
from bo_panel.services.changes.record_values import as_typed, names_of
from bo_panel.web.current import hue, initials, panel, scope, session
from bo_panel.web.grid import Filter, Option, Search, column_of, filter_of, labels_of_filters, nothing_found, pager_of, sizes_of
from bo_panel.web.listing import Rules, State
from bo_panel.web.records.form import kind_label
from bo_panel.web.translating import gettext
from bo_panel.web.users.profile import shown
from bo_panel.web.users.rows import Cell

LONGEST, MOST_WORDS = 100, 10
"""How long what a list is narrowed by can be where it is typed, and how many of those it takes."""
FEW = 50
"""Up to so many units or people are offered to narrow the list by."""
MOST_IDS, LARGEST_ID = 100, 2**63 - 1
"""How many units or people it can be narrowed by, and the largest number that a database has for one."""
UNIT, ID = "unit", "id"


class Row(NamedTuple):
    """One record in the list."""

    id: int
    name: str
    initials: str
    hue: int
    url: str | None
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters of a page offer the person asking."""

    page: ModelPage
    units: Sequence[Place] = ()
    people: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)

    def of(self, key: str) -> Sequence[tuple[str, str]]:
        """Return the values and labels of one filter."""
        if key == UNIT:
            return [(str(place.id), place.name) for place in self.units]
        if key in self.people:
            return [(NOBODY, gettext("Nobody")), *self.people[key]]
        found = self.page.by_key[key]
        if found.type is FieldType.YES_NO:
            return [(YES, gettext("Yes")), (NO, gettext("No"))]
        if found.type is FieldType.DATE:
            periods = [(key, gettext("In the last %(days)s days", days=days)) for key, days in PERIODS.items()]
            return [*periods, (EARLIER, gettext("Longer ago"))]
        return [(choice, choice) for choice in found.choices]

    def said(self, key: str, values: Sequence[str]) -> Sequence[str]:
        """Return in words what a list is narrowed by."""
        return values if self.typed(key) else [label for value, label in self.named(key, values) if value in values]

    def named(self, key: str, values: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Return what one filter offers, with what it is set to besides: a unit or somebody that is not on offer, by the number."""
        offered = self.of(key)
        known = {value for value, _label in offered}
        return [*offered, *((value, f"#{value}") for value in values if value not in known)]

    def typed(self, key: str) -> bool:
        """Return whether one types what to narrow by, instead of choosing it."""
        return key in self.page.by_key and self.page.by_key[key].type in CONTAINED

    def keys(self, state: State) -> Sequence[str]:
        """Return the filters that are shown: those that offer something, or are set."""
        offering = {UNIT: bool(self.units), **{key: bool(offered) for key, offered in self.people.items()}}
        return [key for key in (UNIT, *self.page.filters) if offering.get(key, True) or key in state.filters]


def choices_of(page: ModelPage) -> Choices:
    """Return what the filters offer: the units in sight, if they are a few, and who looks after records; a statement for each of them."""
    seen = scope(*page.needs("view"))
    units = units_below(session(), seen, page.unit_kinds, limit=FEW + 1)
    people = {
        person.key: [(str(user_id), name) for user_id, name in looking_after(session(), page, person, seen, FEW)]
        for person in page.people
        if person.key in page.filters
    }
    return Choices(page, units if 1 < len(units) <= FEW else (), people)


def rules_of(choices: Choices) -> Rules:
    """Return what the list can be asked for."""
    page, users = choices.page, panel().settings.users
    orders = [Order("name"), *(Order(key) for key in page.sort)]
    return Rules(
        filters={key: frozenset(value for value, _label in choices.of(key)) for key in page.filters if key in page.by_key and not choices.typed(key)},
        orders=(*orders, *(Order(order.key, not order.descending) for order in orders)),
        sizes=users.page_sizes,
        size=users.page_size,
        columns=columns_of(page),
        shown=page.columns or tuple(names_of(page)),
        numbered=True,
        typed={key: words_in if choices.typed(key) else numbers_in for key in (UNIT, *page.filters) if key not in page.by_key or choices.typed(key)},
    )


def words_in(asked: Sequence[str]) -> tuple[str, ...]:
    """Return the words that an address names to narrow a list by, the first few of them."""
    words = (text for text in asked if text.strip() and len(text) <= LONGEST and "\x00" not in text)
    return tuple(dict.fromkeys(words))[:MOST_WORDS]


def numbers_in(asked: Sequence[str]) -> tuple[str, ...]:
    """Return the ids that an address names to narrow a list by, on offer or not: what is out of reach is not found."""
    digits = (text.lstrip("0") or "0" for text in asked if text.isascii() and text.isdecimal())
    ids = (text for text in digits if len(text) <= len(str(LARGEST_ID)) and int(text) <= LARGEST_ID)
    return tuple(dict.fromkeys(ids))[:MOST_IDS]


def columns_of(page: ModelPage) -> tuple[str, ...]:
    """Return the keys of all columns beside the name."""
    return (*names_of(page), UNIT, ID)


def heads_of(page: ModelPage) -> Mapping[str, str]:
    """Return the heads of all columns."""
    return {"name": gettext("Name"), **names_of(page), UNIT: kind_label(panel().registry, page), ID: gettext("ID")}


def wanted_of(state: State) -> WantedRecords:
    """Return what the state asks of the database."""
    today = panel().clock.now().date()
    return WantedRecords(state.search, state.filters, state.order, today, state.step, state.size)


def frame_of(state: State, found: Page[Any], choices: Choices) -> Mapping[str, Any]:
    """Return what the page shows around its rows."""
    heads = heads_of(choices.page)
    filters = [_filter(state, choices, key, heads) for key in choices.keys(state)]
    options = [Option(key, heads[key], key in state.columns) for key in columns_of(choices.page)]
    return {
        "list_url": state.path,
        "keep": state.pairs,
        "search": Search(state.search, gettext("Search %(list)s", list=choices.page.label), _found_by(choices.page)),
        "filters": filters,
        "filter_labels": labels_of_filters(filters),
        "reset_url": state.reset_url,
        "columns": [column_of(state, key, heads[key]) for key in ("name", *state.columns)],
        "column_choices": (Option("name", heads["name"], chosen=True, fixed=True), *options),
        "page_sizes": sizes_of(state),
        "pager": pager_of(state, found),
        "empty": nothing_found(state, gettext("Nobody and nothing here yet"), gettext("What is added is listed here.")),
    }


def rows_of(page: ModelPage, found: Iterable[Any], columns: Sequence[str], url: str) -> list[Row]:
    """Return the rows; `url` holds `{id}` and leads to the form of a record, where the person asking may edit it."""
    editable = scope(*page.needs("edit"))
    return [_row(page, row, columns, url if editable.covers(UnitPath(row._mapping[UNIT_PATH])) else "") for row in found]


def _row(page: ModelPage, row: Any, columns: Sequence[str], url: str) -> Row:
    typed = as_typed(page, row)
    name = page.name_of(typed) or f"#{row.id}"
    letters = initials(*(typed[key] for key in (*page.name, *page.name)[:2]), name)
    return Row(row.id, name, letters, hue(row.id), url.replace("{id}", str(row.id)) or None, [_cell(page, row, key, typed) for key in columns])


def _cell(page: ModelPage, row: Any, key: str, typed: Mapping[str, str]) -> Cell:
    if key == ID:
        return Cell("number", str(row.id))
    if key == UNIT:
        return Cell("text", row._mapping[UNIT_NAME])
    if key not in page.by_key:
        return Cell("text", row._mapping[PERSON + key] or "")
    return Cell("text", shown(page.by_key[key], typed[key]))


def _filter(state: State, choices: Choices, key: str, heads: Mapping[str, str]) -> Filter:
    if choices.typed(key):
        words = ", ".join(state.filters.get(key, ()))
        return Filter(key, heads[key], "words", (), words, state.without(key) if words else "")
    is_period = key in choices.page.by_key and choices.page.by_key[key].type is FieldType.DATE
    return filter_of(state, key, heads[key], choices.named(key, state.filters.get(key, ())), several=not is_period)


def _found_by(page: ModelPage) -> str:
    return ", ".join(found.label for found in page.fields if found.searchable) or gettext("Nothing can be searched")
