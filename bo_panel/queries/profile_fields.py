"""Which profile fields there are for whom: those that plugins declare, and those that units own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from threading import RLock
from typing import Any, NamedTuple

from cachetools import LRUCache, cached
from cachetools.keys import hashkey
from sqlalchemy import ColumnElement, Select, and_, select, true
from sqlalchemy.orm import Session

from bo_panel.domain.access import Access
from bo_panel.domain.actors import ROOT
from bo_panel.domain.profile_fields import PROFILE, FieldType, ProfileField, level_of
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.registry import Registry
from bo_panel.models import OwnField, Unit, User
from bo_panel.queries.sql import kept, one_of, rows_of, within
from bo_panel.queries.units import places
from bo_panel.queries.visible import Scope

MOST_KEPT = 4
"""Books, each of which holds the fields of all units: those of this version, and of a few just before."""


class Owned(NamedTuple):
    """A field, and the unit that owns it; 0 for one that a plugin declares."""

    field: ProfileField
    unit_id: int = 0

    def holds_at(self, path: UnitPath, kind: str) -> bool:
        """Return whether there is such a field for users at home there."""
        return self.field.fits(kind) and (not self.unit_id or self.unit_id in path.ids)


@dataclass(frozen=True, eq=False)
class FieldBook:
    """All profile fields, by their keys, in the order in which a form has them: the declared ones, then those of units."""

    fields: Mapping[str, Owned] = field(default_factory=dict)

    def at(self, path: UnitPath, kind: str) -> Sequence[ProfileField]:
        """Return the fields of users at home there; those of units in the order of the path."""
        own = [owned.field for unit_id in path.ids for owned in self._of_units.get(unit_id, ()) if owned.field.fits(kind)]
        return [*(owned.field for owned in self._of_units.get(0, ()) if owned.field.fits(kind)), *own]

    def everywhere(self) -> Sequence[ProfileField]:
        """Return the fields of users at any home."""
        return [owned.field for owned in self._of_units.get(0, ()) if not owned.field.unit_kinds]

    def around(self, paths: Iterable[UnitPath]) -> Sequence[Owned]:
        """Return the fields that plugins declare, and those owned at these units or above them."""
        above = dict.fromkeys((0, *(unit_id for path in paths for unit_id in path.ids)))
        return [owned for unit_id in above for owned in self._of_units.get(unit_id, ())]

    @cached_property
    def _of_units(self) -> Mapping[int, Sequence[Owned]]:
        found: dict[int, list[Owned]] = {}
        for owned in self.fields.values():
            found.setdefault(owned.unit_id, []).append(owned)
        return found


def kept_field_book(session: Session, registry: Registry, version: int | None) -> FieldBook:
    """Return the book of all fields; no statement where it was read at this version of the configuration, or nothing was ever set up."""
    return _declared(registry) if version is None else _kept_book(session, registry, version)


def field_book(session: Session, registry: Registry) -> FieldBook:
    """Return the book of all fields; one statement."""
    own = {row.key: Owned(own_field(row), row.unit_id) for row in rows_of(session, _all(), {})}
    return FieldBook({**_declared(registry).fields, **own})


def fields_named(session: Session, registry: Registry, keys: Iterable[str]) -> Mapping[str, Owned]:
    """Return these fields, those that there are; one statement, or none where plugins declare them all."""
    declared = _declared(registry).fields
    wanted = list(dict.fromkeys(keys))
    missing = [key for key in wanted if key not in declared]
    rows = session.execute(_own().where(OwnField.key.in_(missing))).all() if missing else ()
    own = {row.key: Owned(own_field(row), row.unit_id) for row in rows}
    known = {**declared, **own}
    return {key: known[key] for key in wanted if key in known}


def fields_at(session: Session, registry: Registry, path: UnitPath, kind: str) -> Sequence[ProfileField]:
    """Return the fields of users at home there, as they are now; one statement."""
    rows = session.execute(_own().where(OwnField.unit_id.in_(path.ids)))
    own = {row.key: Owned(own_field(row), row.unit_id) for row in rows}
    return FieldBook({**_declared(registry).fields, **own}).at(path, kind)


def owned_by(session: Session, unit_id: int) -> Sequence[Any]:
    """Return the rows of all fields that a unit owns, removed ones too, in the order of the form; one statement."""
    columns = (OwnField.id, OwnField.key, OwnField.label, OwnField.type, OwnField.options, OwnField.version, OwnField.removed_at)
    return session.execute(select(*columns).where(OwnField.unit_id == unit_id).order_by(OwnField.position, OwnField.id)).all()


def own_field(row: Any) -> ProfileField:
    """Return the field that a row of `profile_field` holds."""
    options = {**row.options, "choices": tuple(row.options.get("choices", ()))}
    return ProfileField(row.key, row.label, FieldType(row.type), **options)


def seen_by(access: Access, field: ProfileField, path: UnitPath) -> bool:
    """Return whether somebody who sees the users at home there sees the field."""
    return not field.view or _holds(access, level_of(field.view), path)


def edited_by(access: Access, field: ProfileField, path: UnitPath) -> bool:
    """Return whether somebody who edits the users at home there fills in the field."""
    return seen_by(access, field, path) and (not field.edit or _holds(access, level_of(field.edit), path))


def changed_by(access: Access, field: ProfileField, path: UnitPath) -> bool:
    """Return whether somebody who edits the form of a unit changes the field: he sees it and fills it in there.

    A level that this deployment does not have, or no more, is held by nobody; such a field is changed by whoever edits every form.
    """
    everywhere = access.allows("profile_fields", "edit", ROOT)
    return all(_holds(access, asked, path) or (everywhere and not _known(access, asked)) for asked in field.asked)


def with_countries(fields: Iterable[ProfileField]) -> Sequence[ProfileField]:
    """Return the fields without the states whose country is not among them: nobody can fill those in."""
    fields = list(fields)
    keys = {field.key for field in fields}
    return [field for field in fields if not field.depends_on or field.depends_on in keys]


def where_held(access: Access, field: ProfileField, asked: Iterable[tuple[str, str]]) -> ColumnElement[bool]:
    """Return the condition on a home in `unit` that it is of the right kind, and that all that is asked is held there."""
    found = [within(Unit.path, reach_of(access, level)) for level in asked]
    return and_(true(), *found, *([one_of(Unit.kind, field.unit_kinds)] if field.unit_kinds else []))


def reach_of(access: Access, asked: tuple[str, str]) -> tuple[UnitPath, ...]:
    """Return the topmost units where a level is held; nowhere for one that this deployment does not have, or no more."""
    return access.reach(*asked) if _known(access, asked) else ()


def stored_text(key: str) -> ColumnElement[str]:
    """Return what is stored of a user in a field, as text; null for nothing."""
    found: ColumnElement[str] = User.profile[key].as_string()
    return found


def profile_column(key: str) -> ColumnElement[str]:
    """Return what is stored of a user in a field, under the name of the field."""
    return stored_text(key).label(PROFILE + key)


def fields_in_sight(book: FieldBook, access: Access, paths: Iterable[UnitPath]) -> Sequence[Owned]:
    """Return the fields of everybody at home at these units or beneath, so far as a list may show them to somebody."""
    found = [owned for owned in book.around(paths) if not owned.field.on_form_only]
    return [owned for owned in found if not owned.field.view or reach_of(access, level_of(owned.field.view))]


def places_of(session: Session, registry: Registry, access: Access, columns: Iterable[str]) -> Mapping[str, Scope]:
    """Return at which homes somebody sees the columns that are profile fields or a plugin's, where not everywhere; at none for no such field."""
    columns = tuple(columns)
    keys = [key for key in map(key_of, columns) if key]
    fields = fields_named(session, registry, keys)
    owners = places(session, {owned.unit_id for owned in fields.values() if owned.unit_id}) if fields else {}
    found: dict[str, Scope] = {}
    for key in keys:
        owned = fields.get(key)
        if owned is None or owned.field.on_form_only:
            found[PROFILE + key] = Scope(())
        elif owned.unit_id or owned.field.view:
            seen = Scope(reach_of(access, level_of(owned.field.view)) if owned.field.view else (ROOT,))
            found[PROFILE + key] = seen.narrowed(owners[owned.unit_id].path) if owned.unit_id else seen
    asked = {column: registry.columns[column].needs for column in columns if column in registry.columns}
    return {**found, **{column: Scope(access.reach(*needs)) for column, needs in asked.items() if needs}}


def key_of(name: str) -> str:
    """Return the key of the field that a name stands for; '' for a name that stands for none."""
    return name.removeprefix(PROFILE) if name.startswith(PROFILE) else ""


def _holds(access: Access, asked: tuple[str, str], path: UnitPath) -> bool:
    return any(top.covers(path) for top in reach_of(access, asked))


def _known(access: Access, asked: tuple[str, str]) -> bool:
    return any(ladder.resource == asked[0] and asked[1] in ladder.levels for ladder in access.catalogue.ladders)


@lru_cache(maxsize=50)
def _declared(registry: Registry) -> FieldBook:
    return FieldBook({key: Owned(declared) for key, declared in registry.profile_fields.items()})


@cached(LRUCache(maxsize=MOST_KEPT), key=lambda _session, *asked: hashkey(*asked), lock=RLock())
def _kept_book(session: Session, registry: Registry, _version: int) -> FieldBook:
    return field_book(session, registry)


@kept
def _all() -> Select[Any]:
    return _own()


def _own() -> Select[Any]:
    columns = (OwnField.key, OwnField.unit_id, OwnField.label, OwnField.type, OwnField.options)
    return select(*columns).where(OwnField.removed_at.is_(None)).order_by(OwnField.position, OwnField.id)
