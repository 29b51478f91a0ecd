"""What plugins hand over to have pages and commands of their own: a page over a table of theirs, and a command under `bo x`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

import click
from pydantic import ConfigDict
from sqlalchemy import Table, UniqueConstraint

from bo_panel.domain.access import TYPE
from bo_panel.domain.profile_fields import FieldType, ProfileField, level_of, unfit
from bo_panel.hooks.plugin import table_prefix
from bo_panel.settings.suggestion import did_you_mean

CORE_PAGES = frozenset(
    (
        *("/", "/account/", "/account/password/", "/audit/", "/jobs/", "/plugins/"),
        *("/profile-fields/", "/profile-fields/add/", "/roles/", "/units/", "/units/settings/"),
        *("/users/", "/users/all/", "/users/export/", "/users/new/"),
    )
)
"""The addresses of the panel's own pages that one can be led to: those that are about nobody in particular."""
KEEPS = ("id", "version", "sort_key", "document")
"""The columns of `RecordColumns`: what the panel keeps of every record beside what people fill in."""
OF_THE_LIST = ("unit", "name", "record", "role", "search", "sort", "size", "cols", "page", "after", "before", "last", "sort_value")
RESERVED = frozenset((*KEEPS, *OF_THE_LIST, "format", "csrf_token"))
"""What a column that people fill in is not called: the list and its export use these names themselves."""
FOLLOWS = "_key"
"""Behind the name of a column whose values tell records apart: the column with their comparable form."""
PYTHON_TYPES = {FieldType.DATE: "date", FieldType.YES_NO: "bool"}
"""What a column holds in Python, where that is no text."""
CONTAINED = (FieldType.TEXT, FieldType.EMAIL, FieldType.PHONE)
"""The types of fields that a list is narrowed by with a part of what stands in them."""
NARROWING = {
    "sort": (*CONTAINED, FieldType.ONE_OF, FieldType.DATE),
    "filters": (*CONTAINED, FieldType.YES_NO, FieldType.ONE_OF, FieldType.DATE),
}
"""The types of fields that a list can be sorted by, and narrowed by."""
NOT_HERE = (FieldType.STATE, FieldType.IMAGE, FieldType.SEVERAL_OF)
"""The types of fields that a form of records has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonField:
    """A column with the id of a user: whoever looks after a record."""

    key: str
    """The name of the column."""
    label: str
    roles: tuple[str, ...]
    """He is at home where the record belongs, and holds one of these roles there; `type:<key>` for a user type."""
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPage:
    """A page of its own over a table of a plugin: a list, a form, an export, for records that belong to units."""

    key: str
    label: str
    """What the page is called, in the menu too."""
    singular: str
    """What one record is called."""
    model: type[Any]
    """A model on the plugin's own base, with `RecordColumns` of the SDK."""
    unit: str
    """The column with the id of the unit that a record belongs to."""
    unit_kinds: tuple[str, ...]
    """The kinds of units that records belong to."""
    fields: tuple[ProfileField, ...]
    """What people fill in, in the order of the form; the key of each is the name of its column."""
    name: tuple[str, ...]
    """The fields that together are what a record is called."""
    view: str
    """Who sees records, as `resource:level`, held at their unit."""
    edit: str
    """Who adds and edits them, likewise."""
    delete: str = ""
    """Who deletes them, likewise; empty: whoever edits them."""
    people: tuple[PersonField, ...] = ()
    order: tuple[str, ...] = ()
    """The fields that the list is sorted by; empty: by the name."""
    columns: tuple[str, ...] = ()
    """The fields that the list shows beside the name unless somebody chooses others; empty: all."""
    sort: tuple[str, ...] = ()
    """The fields that it can be sorted by as well."""
    filters: tuple[str, ...] = ()
    """The fields, and the people, that it can be narrowed by."""
    subtitle: str = ""
    menu: str = ""
    """The heading in the menu."""
    icon: str = "table"
    sample: Callable[[Random], Mapping[str, str]] | None = None
    """Makes up what is typed for one record of a demonstration."""
    samples: int = 0
    """How many a demonstration makes up for each unit."""

    @property
    def table(self) -> Table:
        """The table of the model."""
        found: Table = self.model.__table__
        return found

    @property
    def address(self) -> str:
        """Where its list is, below the root that the application is served at; its form and its export lie beneath."""
        return f"/pages/{self.key.replace('.', '/')}"

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where one can be led to: the list, the form for a new record, the export."""
        return (f"{self.address}/", f"{self.address}/new/", f"{self.address}/export/")

    @property
    def endpoint(self) -> str:
        """What its pages are called among all pages; no page of the core, and of no other key, is called so."""
        return self.key.replace(".", "-")

    @property
    def by_key(self) -> Mapping[str, ProfileField]:
        """The fields by their keys."""
        return {field.key: field for field in self.fields}

    def needs(self, verb: str) -> tuple[str, str]:
        """Return the resource and the level that `view`, `edit` or `delete` asks for."""
        return level_of({"view": self.view, "edit": self.edit, "delete": self.delete or self.edit}[verb])

    def name_of(self, values: Mapping[str, Any]) -> str:
        """Return what a record with these values is called."""
        return " ".join(str(values[key]) for key in self.name if values.get(key))


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a plugin, at `bo x <plugin> <name>`, where the name is its key without the plugin's, with `-` for `_`."""

    __pydantic_config__: ClassVar = ConfigDict(arbitrary_types_allowed=True)

    key: str
    label: str
    """What it does, in one line."""
    command: click.Command
    """Its context's `obj` is the `Desk` of the SDK."""

    @property
    def name(self) -> str:
        """What one types."""
        return self.key.partition(".")[2].replace("_", "-")


Wrong = tuple[str, str, str, str]
"""Which part is wrong, what is wrong with it, what to do, and what may be meant."""


def wrong_with(page: ModelPage, plugin: str) -> Iterator[Wrong]:
    """Yield what does not fit together in a page by itself: its model, its fields, and what it says of them."""
    table = getattr(page.model, "__table__", None)
    if not isinstance(table, Table) or not table.name.startswith(table_prefix(plugin)):
        yield "model", "is no model of this plugin's own.", f"Make it on plugin_base({plugin!r}), with RecordColumns.", ""
        return
    columns = {column.name: column for column in table.columns}
    missing = [name for name in KEEPS if name not in columns]
    if missing:
        yield "model", f"has no {', '.join(missing)}.", "Let it inherit RecordColumns of the SDK.", ""
    for name, target, ends in ((page.unit, "unit", "CASCADE"), *((person.key, "user", "SET NULL") for person in page.people)):
        said = "unit" if name == page.unit else "people"
        if name not in columns:
            yield said, f"the table has no column {name!r}.", "", did_you_mean(name, columns)
        elif not any(key.column.table.name == target and key.ondelete == ends for key in columns[name].foreign_keys):
            yield said, f"{name} does not refer to a {target}.", f"Make it with {target}_reference() of the SDK.", ""
    for key in (person.key for person in page.people if person.key in RESERVED):
        yield "people", f"{key} is a name that the list uses itself.", "Call the column otherwise.", ""
    for field in page.fields:
        yield from _wrong_field(field, page, columns)
    yield from _unfilled(page, columns)
    yield from _wrong_names(page)


def _unfilled(page: ModelPage, columns: Mapping[str, Any]) -> Iterator[Wrong]:
    """Yield the columns that no record could be written without, and that nobody fills in."""
    filled = {*KEEPS, *page.by_key, *(f"{key}{FOLLOWS}" for key in page.by_key), *(person.key for person in page.people)}
    for name, column in columns.items():
        needed = not (column.nullable or column.default or column.server_default)
        if needed and name not in filled and not any(key.column.table.name == "unit" for key in column.foreign_keys):
            yield "model", f"{name} cannot be empty, and no field of the page fills it in.", "Add a field, or let it be empty.", ""


def _wrong_field(field: ProfileField, page: ModelPage, columns: Mapping[str, Any]) -> Iterator[Wrong]:
    if field.key in RESERVED:
        yield "fields", f"{field.key} is a name that the list uses itself.", "Call the column otherwise.", ""
        return
    if field.key not in columns:
        yield "fields", f"the table has no column {field.key!r} to fill in.", "", did_you_mean(field.key, sorted(columns.keys() - RESERVED))
        return
    if not isinstance(field.type, FieldType):
        wrong, remedy = f"{field.key} has a type that is no FieldType.", f"Use one of {', '.join(FieldType)}."
        yield "fields", wrong, remedy, did_you_mean(str(field.type), [*FieldType])
        return
    if not field.label.strip():
        yield "fields", f"{field.key} has no label.", "Say what people shall read.", ""
    for part, wrong, remedy in unfit(field):
        yield "fields", f"{field.key} › {part}: {wrong}", remedy, ""
    if field.type in NOT_HERE or field.view or field.edit or field.unit_kinds or field.personal:
        remedy = "Leave out state, image, several_of, view, edit, unit_kinds and personal; the page says who sees its records."
        yield "fields", f"{field.key} asks for what only a user's profile has.", remedy, ""
    yield from _wrong_column(field, page, columns)


def _wrong_column(field: ProfileField, page: ModelPage, columns: Mapping[str, Any]) -> Iterator[Wrong]:
    held = _python_type(columns[field.key])
    if held != PYTHON_TYPES.get(field.type, "str"):
        yield "fields", f"{field.key} is a {field.type}, and its column holds {held}.", "Change one of the two.", ""
    key = f"{field.key}{FOLLOWS}"
    if field.unique and key not in columns:
        yield "fields", f"{field.key} is unique, and there is no column {key}.", "Add one, unique together with the unit.", ""
    elif field.unique and {key, page.unit} not in _told_apart(page.table):
        wrong = f"{field.key} is unique, and no constraint of the table says so of {key} and {page.unit}."
        yield "fields", wrong, f"Add UniqueConstraint({page.unit!r}, {key!r}) to the model and its migration.", ""


def _told_apart(table: Table) -> list[set[str]]:
    """Return the columns that together tell the rows of a table apart, for each constraint and each whole index."""
    constraints = [found.columns for found in table.constraints if isinstance(found, UniqueConstraint)]
    indexes = [found.columns for found in table.indexes if found.unique and not found.dialect_kwargs]
    return [{column.name for column in columns} for columns in (*constraints, *indexes)]


def _wrong_names(page: ModelPage) -> Iterator[Wrong]:
    keys = [field.key for field in page.fields]
    columns = [*keys, *(person.key for person in page.people)]
    twice = sorted({key for key in columns if columns.count(key) > 1})
    if twice:
        yield "fields", f"{', '.join(twice)} stands there twice.", "Name each column once.", ""
    if not page.name:
        yield "name", "is empty.", "Name the fields that a record is called by.", ""
    offered = {"name": keys, "order": keys, "columns": columns, "sort": keys, "filters": columns}
    for part, known in offered.items():
        for key in getattr(page, part):
            if key not in known:
                yield part, f"there is no field {key!r}.", "", did_you_mean(key, known)
            elif part in NARROWING and key in page.by_key and page.by_key[key].type not in NARROWING[part]:
                verb = "sorted" if part == "sort" else "narrowed"
                yield part, f"a list is not {verb} by a {page.by_key[key].type}.", f"Take {key} out.", ""


def _python_type(column: Any) -> str:
    try:
        return str(column.type.python_type.__name__)
    except NotImplementedError:
        return str(column.type)


def roles_known(roles: Mapping[str, Any], types: Mapping[str, Any]) -> list[str]:
    """Return the keys by which roles are held, those behind user types included."""
    return [*roles, *(TYPE + key for key in types)]
