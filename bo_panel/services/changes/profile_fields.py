"""The profile fields that units own: added, edited, put in order, removed, brought back and purged."""

import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import uuid4

from sqlalchemy import delete as delete_rows
from sqlalchemy import func, select, update

from bo_panel.domain.errors import CountryGone, FieldChanged, FieldNeeded, Invalid, NotAllowed, NotFound, Together, TooManyFields
from bo_panel.domain.identifiers import NAME_LIMIT, folded, tidy
from bo_panel.domain.profile_fields import FieldType, ProfileField, level_of, unfit
from bo_panel.models import OwnField, ProfileImage, ProfileValue, Unit, User
from bo_panel.queries.profile_fields import changed_by, fields_at, own_field, stored_text
from bo_panel.queries.sql import among
from bo_panel.queries.units import Place, places
from bo_panel.services.changes.profile import bring_in_line
from bo_panel.services.changes.profile_values import literals, patched
from bo_panel.services.engine import Context, Needs, SingleChange, Trail

MOST_FIELDS = 100
"""How many fields a unit owns at most, those included that were removed and not purged."""
MOST_CHOICES, LONGEST_CHOICE, LONGEST_HELP = 300, 120, 400
AT_RANDOM = 12
"""How many digits at the end of a key are there by chance, so that none is given again."""
AT_ONCE = 1_000
"""How many users are read together to say anew what they are found by."""
ODD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange(SingleChange):
    """A change of the fields of one unit."""

    unit_id: int

    requires = Needs("profile_fields", "edit")

    def run(self, context: Context) -> Sequence[Trail]:
        """Do it while nobody else changes the fields of the unit; raise unless the actor may."""
        unit = places(context.session, (self.unit_id,)).get(self.unit_id)
        if unit is None or not context.actor.access.allows("profile_fields", "view", unit.path):
            raise NotFound
        if not context.actor.access.allows(*self.requires, unit.path):
            raise NotAllowed(where=unit.name)
        context.session.execute(select(Unit.id).where(Unit.id == unit.id).with_for_update(key_share=True))
        return self.done(context, unit)

    @abstractmethod
    def done(self, context: Context, unit: Place) -> Sequence[Trail]:
        """Do it, and return what the trail shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddProfileField(FieldChange):
    """Add a field for users at home at a unit and beneath; its key is made from its label, and is never given again."""

    field: ProfileField

    key = "profile_fields.add"

    def notice(self) -> Mapping[str, Any]:
        """Return the field and its unit."""
        return {"unit": self.unit_id, **_told(self.field)}

    def done(self, context: Context, unit: Place) -> Sequence[Trail]:
        """Add it after the others."""
        known = context.session.scalar(select(func.count()).where(OwnField.unit_id == unit.id)) or 0
        if known >= MOST_FIELDS:
            raise TooManyFields(limit=MOST_FIELDS)
        field = _checked(context, unit, self.field)
        field = replace(field, key=_new_key(unit.id, field.label))
        position = context.session.scalar(select(func.max(OwnField.position)).where(OwnField.unit_id == unit.id)) or 0
        row = OwnField(unit_id=unit.id, key=field.key, position=position + 1, created_at=context.now, **_columns(field))
        context.session.add(row)
        context.session.flush()
        return [Trail("profile_fields.added", unit.id, None, {}, _told(field))]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneFieldChange(FieldChange):
    """A change of one field that a unit owns."""

    field_id: int

    removed = False
    """Whether it is done to a field that was removed."""

    def notice(self) -> Mapping[str, Any]:
        """Return which field of which unit it is."""
        return {"unit": self.unit_id, "field": self.field_id}

    def row(self, context: Context, unit: Place) -> OwnField:
        """Return the field; raise NotFound for one of another unit, and for one that is removed, or is not; NotAllowed for one that is not his."""
        gone = OwnField.removed_at.is_not(None) if self.removed else OwnField.removed_at.is_(None)
        mine = select(OwnField).where(OwnField.id == self.field_id, OwnField.unit_id == self.unit_id, gone)
        found = context.session.scalars(mine.execution_options(populate_existing=True)).one_or_none()
        if found is None:
            raise NotFound
        if not changed_by(context.actor.access, own_field(found), unit.path):
            raise NotAllowed(where=unit.name)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class EditProfileField(OneFieldChange):
    """Give a field another label, help, choices and rules; what it is stored as stays as it is, and so do those who have a value."""

    field: ProfileField
    version: int

    key = "profile_fields.edit"

    def done(self, context: Context, unit: Place) -> Sequence[Trail]:
        """Edit it; raise FieldChanged when somebody else did since it was read."""
        row = self.row(context, unit)
        if row.version != self.version:
            raise FieldChanged
        before = own_field(row)
        kept = replace(self.field, key=before.key, type=before.type, unique=before.unique, searchable=before.searchable)
        field = _checked(context, unit, replace(kept, depends_on=before.depends_on), before)
        if field == before:
            return []
        for name, value in _columns(field).items():
            setattr(row, name, value)
        row.version += 1
        context.session.flush()
        return [Trail("profile_fields.edited", unit.id, None, _told(before), _told(field))]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveProfileField(OneFieldChange):
    """Put a field before the one above it, or after the one below it."""

    up: bool

    key = "profile_fields.move"

    def done(self, context: Context, unit: Place) -> Sequence[Trail]:
        """Move it by one place; at the end of the form it stays where it is."""
        row = self.row(context, unit)
        rows = select(OwnField).where(OwnField.unit_id == unit.id, OwnField.removed_at.is_(None)).order_by(OwnField.position, OwnField.id)
        ordered = list(context.session.scalars(rows))
        here = ordered.index(row)
        there = here - 1 if self.up else here + 1
        if not 0 <= there < len(ordered):
            return []
        ordered[here], ordered[there] = ordered[there], ordered[here]
        for place, field in enumerate(ordered, 1):
            field.position = place
        context.session.flush()
        return [Trail("profile_fields.moved", unit.id, None, {"label": row.label, "place": here + 1}, {"label": row.label, "place": there + 1})]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveProfileField(OneFieldChange):
    """Take a field out of every form; what is stored in it is kept until it is purged."""

    key = "profile_fields.remove"

    def done(self, context: Context, unit: Place) -> Sequence[Trail]:
        """Remove it, unless a state of some form depends on it; a search finds nobody by it any more."""
        row = self.row(context, unit)
        row.removed_at = context.now
        context.session.flush()
        _refuse_needed(context, row.key)
        _found_anew(context, own_field(row))
        return [Trail("profile_fields.removed", unit.id, None, {"label": row.label}, {})]


@dataclass(frozen=True, slots=True, kw_only=True)
class BringBackProfileField(OneFieldChange):
    """Put a field that was removed into the forms again, with what is stored in it."""

    key = "profile_fields.bring_back"
    removed = True

    def done(self, context: Context, unit: Place) -> Sequence[Trail]:
        """Bring it back; a state only where its country is."""
        row = self.row(context, unit)
        needed = own_field(row).depends_on
        if needed and needed not in _countries(context, unit, needed):
            raise CountryGone(label=row.label)
        row.removed_at = None
        context.session.flush()
        _found_anew(context, own_field(row))
        return [Trail("profile_fields.brought_back", unit.id, None, {}, {"label": row.label})]


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeProfileField(OneFieldChange):
    """Delete a field that was removed, and all that is stored in it."""

    key = "profile_fields.purge"
    removed = True

    def done(self, context: Context, unit: Place) -> Sequence[Trail]:
        """Purge it; the trail says how many users had something in it."""
        row, session = self.row(context, unit), context.session
        gone = update(User).where(stored_text(row.key).is_not(None)).values(profile=patched(literals({row.key: None}), context.name))
        done: Any = session.execute(gone, execution_options={"synchronize_session": False})
        for kept in (ProfileValue, ProfileImage):
            session.execute(delete_rows(kept).where(kept.field == row.key))
        session.execute(delete_rows(OwnField).where(OwnField.id == row.id))
        return [Trail("profile_fields.purged", unit.id, None, {"label": row.label, "users": done.rowcount}, {})]


def _found_anew(context: Context, field: ProfileField) -> None:
    """Bring in line what those are found by who have something in a field."""
    ids = context.session.scalars(select(User.id).where(stored_text(field.key).is_not(None))).all() if field.searchable else ()
    for first in range(0, len(ids), AT_ONCE):
        some = select(User.id).where(among(User.id, ids[first : first + AT_ONCE], context.name))
        context.session.execute(some.order_by(User.id).with_for_update())  # whoever edits one of them meanwhile waits, and is not undone
        bring_in_line(context, some)


def _refuse_needed(context: Context, key: str) -> None:
    """Raise FieldNeeded where a field that is in a form, here or beneath, depends on this one."""
    depending = select(OwnField.label, Unit.name).join(Unit, Unit.id == OwnField.unit_id).where(OwnField.removed_at.is_(None))
    depending = depending.where(OwnField.options["depends_on"].as_string() == key).order_by(OwnField.id).limit(1)
    found = context.session.execute(depending).one_or_none()
    if found is not None:
        raise FieldNeeded(label=found.label, unit=found.name)


def _checked(context: Context, unit: Place, field: ProfileField, before: ProfileField | None = None) -> ProfileField:
    """Return the field without stray spaces; raise Invalid, about its parts, for all that it cannot be."""
    choices = tuple(dict.fromkeys(filter(None, map(tidy, field.choices))))
    found = replace(field, label=tidy(field.label), help=tidy(field.help), choices=choices)
    Together(*_misfits(found), *_out_of_reach(context, unit, found, before)).check()
    return found


def _misfits(found: ProfileField) -> Iterator[Invalid]:
    """Yield what a field cannot be by itself."""
    if not found.label:
        yield Invalid("label", reason="Enter what the field is called.")
    for name, text, limit in (("label", found.label, NAME_LIMIT), ("help", found.help, LONGEST_HELP)):
        if len(text) > limit:
            yield Invalid(name, reason=f"Use at most {limit} characters; these are {len(text)}.")
    if len(found.choices) > MOST_CHOICES or any(len(choice) > LONGEST_CHOICE for choice in found.choices):
        yield Invalid("choices", reason=f"Use at most {MOST_CHOICES} choices of {LONGEST_CHOICE} characters each.")
    for name, wrong, remedy in unfit(found):
        yield Invalid(name, reason=f"{wrong[0].upper()}{wrong[1:]} {remedy}")


def _out_of_reach(context: Context, unit: Place, found: ProfileField, before: ProfileField | None) -> Iterator[Invalid]:
    """Yield a country that there is not, and a level that the actor has not; one that stays may be gone."""
    for name in ("view", "edit"):
        asked = getattr(found, name)
        resource, level = level_of(asked)
        known = context.registry.resources.get(resource)
        his = known is not None and level in known.levels and context.actor.access.allows(resource, level, unit.path)
        if asked and asked != getattr(before, name, "") and not his:
            yield Invalid(name, reason="Choose one of those on offer.")
    is_new = found.depends_on != getattr(before, "depends_on", "")
    if is_new and found.depends_on not in _countries(context, unit, found.depends_on):
        yield Invalid("depends_on", reason="Choose a field of the type Country of this form.")


def _countries(context: Context, unit: Place, needed: str) -> set[str]:
    """Return the fields of the type Country of a form; nobody removes the one that is needed meanwhile."""
    context.session.execute(select(OwnField.id).where(OwnField.key == needed).with_for_update())
    fields = fields_at(context.session, context.registry, unit.path, unit.kind)
    return {field.key for field in fields if field.type is FieldType.COUNTRY}


def _new_key(unit_id: int, label: str) -> str:
    """Return a key that can be read, and that no field has had: what stands under it on the trail is not told as another's."""
    return f"unit_{unit_id}.{ODD.sub('_', folded(label)).strip('_')[:60] or 'field'}_{uuid4().hex[:AT_RANDOM]}"


def _columns(field: ProfileField) -> dict[str, Any]:
    names = ("required", "unique", "searchable", "personal", "depends_on", "help", "view", "edit")
    options = {**{name: getattr(field, name) for name in names}, "choices": list(field.choices)}
    return {"label": field.label, "type": field.type.value, "options": options}


def _told(field: ProfileField) -> dict[str, Any]:
    """Return what the trail shows of a field: what it is, and which of its rules are set."""
    told = asdict(field)
    kept = {name: told[name] for name in ("label", "help", "depends_on", "view", "edit") if told[name]}
    rules = [name for name in ("required", "unique", "searchable", "personal") if told[name]]
    more = {"type": field.type.value, "choices": ", ".join(field.choices), "rules": ", ".join(rules)}
    return {**kept, **{name: value for name, value in more.items() if value}}
