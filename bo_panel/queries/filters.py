"""What the list of users can be narrowed by, as conditions in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Float, and_, bindparam, case, cast, false, func, literal, not_, null, or_, select
from sqlalchemy.orm import aliased

from bo_panel.domain.access import Access
from bo_panel.domain.errors import Invalid
from bo_panel.domain.profile_fields import BETWEEN, NO, PROFILE, YES, FieldType, ProfileField, level_of, stored_of
from bo_panel.domain.units import UnitPath
from bo_panel.models import NEVER, Grant, Unit, User
from bo_panel.queries.profile_fields import Owned, reach_of, stored_text
from bo_panel.queries.sql import POSTGRESQL, Now, live, lowered, probe, within
from bo_panel.queries.visible import Scope

RECENTLY = timedelta(days=30)
LONG_AGO = timedelta(days=90)
SIGNED_IN = ("never", "recently", "long_ago")


def holds_one_of(roles: Sequence[str], scope: Scope, now: Now, name: str) -> ColumnElement[bool]:
    """Return the condition on `user` that he holds one of these roles in scope."""
    held, unit = aliased(Grant), aliased(Unit)
    rows = select(func.count()).with_only_columns(held.id).where(held.user_id == User.id, held.role_key.in_(roles), live(held.expires_at, now))
    if not scope.everything:
        rows = rows.join(unit, unit.id == held.unit_id).where(within(unit.path, scope.paths))
    return probe(rows.correlate(User), name)


def signed_in(when: str, now: Now) -> ColumnElement[bool]:
    """Return the condition on `user` that he signed in then: never, recently, or long ago."""
    if when == "never":
        return User.last_sign_in == NEVER
    if when == "recently":
        return User.last_sign_in > _ago(now, RECENTLY, "recently")
    return and_(User.last_sign_in > NEVER, User.last_sign_in < _ago(now, LONG_AGO, "long_ago"))


def _ago(now: Now, span: timedelta, name: str) -> Now:
    return now - span if isinstance(now, datetime) else bindparam(name, type_=now.type)


@dataclass(frozen=True, slots=True)
class FieldIs:
    """What is asked of a profile field: that it is one of some choices, or a comparison with what was typed."""

    key: str
    type: FieldType
    how: str
    """One of `OPERATORS` for its type."""
    values: tuple[str, ...] = ()
    places: tuple[UnitPath, ...] | None = None
    """At which homes whoever asks sees the field; None for all."""
    unit_id: int = 0
    """The unit that owns the field; 0 for none."""
    label: str = ""

    @property
    def name(self) -> str:
        """What the field is called in a list."""
        return PROFILE + self.key

    @property
    def said(self) -> Sequence[str]:
        """What is asked, as one says it on the command line: each choice, or the comparison."""
        return self.values if self.how == CHOICES[0] else (" ".join((self.how, *self.values)),)

    @property
    def told(self) -> Mapping[str, Any]:
        """The same as JSON."""
        places = None if self.places is None else [path.text for path in self.places]
        return {**asdict(self), "type": self.type.value, "values": list(self.values), "places": places}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "FieldIs":
        """Return what was told."""
        places = None if told["places"] is None else tuple(map(UnitPath, told["places"]))
        return cls(**{**told, "type": FieldType(told["type"]), "values": tuple(told["values"]), "places": places})

    @classmethod
    def asked(cls, owned: Owned, values: Sequence[str], access: Access) -> "FieldIs":
        """Return what somebody asks of a field: some of its choices, or a comparison and what is compared with."""
        field = owned.field
        how, *compared = (CHOICES[0], *values) if OPERATORS[field.type] == CHOICES else values
        places = reach_of(access, level_of(field.view)) if field.view else None
        return cls(field.key, field.type, how, tuple(compared), places, owned.unit_id, field.label)


EMPTY, FILLED, AT_LEAST, AT_MOST = "empty", "filled", "at_least", "at_most"
TEXTS = ("contains", "is", EMPTY, FILLED)
AMOUNTS = ("is", AT_LEAST, AT_MOST, EMPTY, FILLED)
NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
"""What of a stored text is a number: a field may have been one of another type."""
CHOICES = ("one_of",)
OPERATORS = {
    FieldType.TEXT: TEXTS,
    FieldType.LONG_TEXT: TEXTS,
    FieldType.EMAIL: TEXTS,
    FieldType.PHONE: TEXTS,
    FieldType.URL: TEXTS,
    FieldType.NUMBER: AMOUNTS,
    FieldType.DATE: AMOUNTS,
    FieldType.YES_NO: CHOICES,
    FieldType.ONE_OF: CHOICES,
    FieldType.SEVERAL_OF: CHOICES,
}
"""How each type can be asked about; a country and a state cannot."""


LONGEST = 200
"""How many characters of a value are compared with."""


def choices_of(field: ProfileField) -> tuple[str, ...]:
    """Return which values of a field can be asked for."""
    return (YES, NO) if field.type is FieldType.YES_NO else field.choices


def comparison(field: ProfileField, how: str, value: str) -> tuple[str, ...]:
    """Return a comparison with what is stored of a field, and what is compared with; nothing for what makes no sense."""
    if how in (EMPTY, FILLED):
        return (how,)
    if how not in OPERATORS[field.type] or not value.strip():
        return ()
    plain = field if field.type is FieldType.NUMBER or field.type is FieldType.DATE else ProfileField(field.key, field.label)
    try:
        stored = stored_of(plain, value.replace("\x00", "")[:LONGEST])
    except Invalid:
        return ()
    return (how, stored) if stored else ()


def filled_in(found: FieldIs, name: str) -> ColumnElement[bool]:
    """Return the condition on `user` that his profile has this, at a home where it may be asked."""
    stored, there = func.coalesce(stored_text(found.key), ""), []
    if found.places is not None:
        there.append(within(Unit.path, found.places))
    if found.unit_id:
        there.append(Unit.path.contains(f"/{found.unit_id}/"))
    homes = [User.home_id.in_(select(Unit.id).where(*there))] if there else []
    return and_(*homes, _compared(found, stored, name))


def _compared(found: FieldIs, stored: ColumnElement[str], name: str) -> ColumnElement[bool]:
    if found.how in (EMPTY, FILLED):
        return stored == "" if found.how == EMPTY else stored != ""
    if found.how == "one_of":
        several = found.type is FieldType.SEVERAL_OF
        return or_(false(), *(_chosen(stored, value) if several else stored == value for value in found.values))
    [value] = found.values
    if found.how == "contains":
        return lowered(stored, value, name).contains(value.lower(), autoescape=True)
    if found.type is FieldType.NUMBER:
        return _ordered(found.how, case((_is_number(stored, name), cast(stored, Float)), else_=null()), float(value))
    return and_(stored != "", _ordered(found.how, lowered(stored, value, name), value.lower()))


def _is_number(stored: ColumnElement[str], name: str) -> ColumnElement[bool]:
    if name == POSTGRESQL:
        return stored.regexp_match(NUMBER)
    glob = stored.op("GLOB", is_comparison=True, return_type=Boolean())
    return and_(stored != "", not_(glob("*[^-0-9.]*")), not_(glob("?*-*")))


def _chosen(stored: ColumnElement[str], value: str) -> ColumnElement[bool]:
    return (literal(BETWEEN) + stored + BETWEEN).contains(f"{BETWEEN}{value}{BETWEEN}", autoescape=True)


def _ordered(how: str, stored: ColumnElement[Any], value: str | float) -> ColumnElement[bool]:
    if how == "is":
        return stored == value
    return stored >= value if how == AT_LEAST else stored <= value
