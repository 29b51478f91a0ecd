"""The values of profile fields, checked and in the form that is stored: in a field that there is, from somebody who may, and told apart."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, Text, and_, cast, delete, func, insert, literal, literal_column, not_, null, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import UpdateBase

from bo_panel.domain.errors import FieldNotHere, FieldTaken, Invalid, Refusal, Together, UnknownField
from bo_panel.domain.identifiers import key as comparable
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.profile_fields import PROFILE, FieldType, ProfileField, bound_together, chosen_of, stored_of
from bo_panel.models import OwnField, ProfileValue, Unit, User
from bo_panel.models.profile_field import VALUE_BYTES, VALUE_KEY
from bo_panel.queries.profile_fields import edited_by, fields_at, fields_named, stored_text, where_held, with_countries
from bo_panel.queries.sql import POSTGRESQL, json_object, probe, within
from bo_panel.queries.units import Place, places
from bo_panel.services.changes.fields import email_of, phone_of
from bo_panel.services.countries import countries, state_named, states_of
from bo_panel.services.engine import Context

Typed = Mapping[str, str | None]


def stored_profile(context: Context, typed: Typed) -> dict[str, str | None]:
    """Return what is stored of these fields, by key; raise, about the field, for one that there is not and for a value that it does not take."""
    fields = fields_named(context.session, context.registry, typed)
    for key in typed:
        if key not in fields:
            raise UnknownField(PROFILE + key, name=key[:80])
    return checked_values(context.rules.phone_region, [owned.field for owned in fields.values()], typed)


def profile_at(context: Context, home: Place, typed: Typed) -> dict[str, str]:
    """Return what is stored of somebody new at a home; raise, too, for what is required of him and is missing, so far as the actor may fill it in."""
    there = fields_at(context.session, context.registry, home.path, home.kind)
    mine = with_countries(field for field in there if edited_by(context.actor.access, field, home.path))
    fields = [field for field in mine if field.type is not FieldType.IMAGE]
    given = {key: value for key, value in typed.items() if value}
    for key in given.keys() - {field.key for field in fields}:
        raise UnknownField(PROFILE + key, name=key[:80])
    stored = checked_values(context.rules.phone_region, fields, {**{field.key: None for field in fields}, **given})
    for field in fields:
        if field.unique and stored[field.key] and context.session.scalar(select(_another(field, str(stored[field.key]), literal(0), context.name))):
            raise FieldTaken(field.name)
    return {key: value for key, value in stored.items() if value is not None}


def refusals_of(context: Context, profile: Typed) -> Sequence[tuple[ColumnElement[bool], type[Refusal]]]:
    """Return the conditions on `user` that there is no such field at his home, or not for the actor, and that somebody else has a value already."""
    fields = fields_named(context.session, context.registry, profile)
    owners = places(context.session, {owned.unit_id for owned in fields.values() if owned.unit_id}) if fields else {}
    found: list[tuple[ColumnElement[bool], type[Refusal]]] = []
    for key, (field, unit_id) in fields.items():
        if unit_id or field.asked or field.unit_kinds:
            owner = [within(Unit.path, (owners[unit_id].path,))] if unit_id else []
            there: Select[Any] = select(literal_column("1")).select_from(Unit).where(Unit.id == User.home_id, *owner)
            held = there.where(where_held(context.actor.access, field, field.asked))
            found.append((not_(probe(held.correlate(User), context.name)), FieldNotHere))
        if field.unique and profile[key]:
            found.append((_another(field, str(profile[key]), User.id, context.name), FieldTaken))
    return found


def patched(values: Mapping[str, ColumnElement[Any]], name: str) -> ColumnElement[Any]:
    """Return the profile with these fields set; one whose value is null is left out of it."""
    patch = json_object(values, name)
    if name == POSTGRESQL:
        return cast(func.jsonb_strip_nulls(cast(User.profile, JSONB).op("||")(cast(patch, JSONB))), JSON)
    return func.json_patch(User.profile, patch)


def literals(values: Typed) -> dict[str, ColumnElement[Any]]:
    """Return values as SQL."""
    return {key: cast(null(), Text) if value is None else literal(value, Text()) for key, value in values.items()}


def claims(context: Context, profile: Typed, chosen: Select[int]) -> Sequence[UpdateBase]:
    """Return the statements that let the users chosen have the values that nobody else may have."""
    fields = fields_named(context.session, context.registry, profile)
    found: list[UpdateBase] = []
    for key, (field, _unit) in fields.items():
        if field.unique:
            found.append(delete(ProfileValue).where(ProfileValue.field == key, ProfileValue.user_id.in_(chosen)))
            if profile[key]:
                rows = select(User.id, literal(key, Text()), literal(value_key(field, str(profile[key])), Text())).where(User.id.in_(chosen))
                found.append(insert(ProfileValue).from_select(["user_id", "field", "value_key"], rows))
    return found


def claim_anew(context: Context, keys: Iterable[str], chosen: Select[int]) -> None:
    """Let the users chosen have what their profile holds by now in fields whose values nobody shares."""
    for key, (field, _unit) in fields_named(context.session, context.registry, keys).items():
        if not field.unique:
            continue
        context.session.execute(delete(ProfileValue).where(ProfileValue.field == key, ProfileValue.user_id.in_(chosen)))
        held = context.session.execute(select(User.id, stored_text(key)).where(User.id.in_(chosen), stored_text(key).is_not(None))).all()
        rows = [{"user_id": user_id, "field": key, "value_key": value_key(field, value)} for user_id, value in held]
        if rows:
            context.session.execute(insert(ProfileValue), rows)


def kept_or_let_go(chosen: Select[int]) -> UpdateBase:
    """Return the statement that keeps from others what those of the users chosen have who are not deleted, and lets go of the rest."""
    kept = select(literal_column("1")).where(User.id == ProfileValue.user_id, User.status != Status.DELETED).exists()
    return update(ProfileValue).where(ProfileValue.user_id.in_(chosen)).values(kept=kept)


def another_has_again(name: str) -> ColumnElement[bool]:
    """Return the condition on `user` that somebody else has a value by now that was his until he was deleted."""
    mine, other = aliased(ProfileValue), aliased(ProfileValue)
    same = (other.field == mine.field, other.value_key == mine.value_key, other.kept, other.user_id != mine.user_id)
    rows: Select[Any] = select(literal_column("1")).select_from(mine).join(other, and_(*same)).where(mine.user_id == User.id)
    return probe(rows.correlate(User), name)


def value_key(field: ProfileField, value: str) -> str:
    """Return what two spellings of one value have in common; raise Invalid for one that has nothing to compare, or too much."""
    found = comparable(value)
    if not found or len(found) > VALUE_KEY or len(found.encode()) > VALUE_BYTES:
        raise Invalid(field.name, reason="Use letters or digits that can be seen, and not too many of them.")
    return found


def searchable_keys(context: Context) -> dict[str, ProfileField]:
    """Return the fields that a search finds, by key; one statement."""
    declared = {key: field for key, field in context.registry.profile_fields.items() if field.searchable}
    own = OwnField.options["searchable"].as_boolean()
    keys = context.session.scalars(select(OwnField.key).where(own, OwnField.removed_at.is_(None))).all()
    return declared | {key: owned.field for key, owned in (fields_named(context.session, context.registry, keys) if keys else {}).items()}


def found_by(fields: Mapping[str, ProfileField], profile: Mapping[str, str]) -> list[str]:
    """Return the words by which a profile is found."""
    return [_words(field, profile[key]) for key, field in fields.items() if profile.get(key)]


def _words(field: ProfileField, stored: str) -> str:
    if field.type is FieldType.COUNTRY:
        return countries().get(stored, stored)
    if field.type is FieldType.STATE:
        return state_named(stored)
    return " ".join(chosen_of(stored)) if field.type is FieldType.SEVERAL_OF else stored


def checked_values(region: str, fields: Sequence[ProfileField], typed: Typed) -> dict[str, str | None]:
    """Return what is stored of these fields, by key; raise Invalid, about the field, for a value that it does not take, for all at once.

    `region` is the country of telephone numbers that name none.
    """
    bound_together(fields, typed)
    found: dict[str, str | None] = {}
    wrong = Together()
    for field in sorted(fields, key=lambda field: field.type is FieldType.STATE):
        with wrong.noting():
            if field.depends_on in found or not field.depends_on:  # else its country is wrong, and says so
                found[field.key] = stored_value(region, field, typed[field.key], found.get(field.depends_on))
    wrong.check()
    return {field.key: found[field.key] for field in fields}


def stored_value(region: str, field: ProfileField, typed: str | None, country: str | None) -> str | None:
    """Return what is stored of one value, None for nothing; raise Invalid, about the field, for what it does not take."""
    if field.type is FieldType.STATE and not typed and not states_of(country or ""):
        return None  # nobody can choose one, required or not
    text = stored_of(field, typed)
    if text is None:
        return None
    if field.type is FieldType.EMAIL:
        text = email_of(text, field.name)
    if field.type is FieldType.PHONE:
        text = phone_of(text, region, field.name)
    if field.type is FieldType.COUNTRY and text not in countries():
        raise Invalid(field.name, reason="Choose a country of the list.")
    if field.type is FieldType.STATE and text not in states_of(country or ""):
        raise Invalid(field.name, reason="Choose a state of the country that is chosen.")
    if field.unique:
        value_key(field, text)
    return text


def _another(field: ProfileField, value: str, but: Any, name: str) -> ColumnElement[bool]:
    """Return the condition that somebody else, who is not deleted, has a value already."""
    same = (ProfileValue.field == field.key, ProfileValue.value_key == value_key(field, value), ProfileValue.kept)
    rows: Select[Any] = select(literal_column("1")).select_from(ProfileValue).where(*same, ProfileValue.user_id != but)
    return probe(rows.correlate(User), name)
