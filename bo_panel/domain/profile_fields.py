"""Profile fields: what one is, what may be typed into it, and what is stored of that."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from urllib.parse import urlsplit

from bo_panel.domain.errors import Invalid
from bo_panel.domain.identifiers import tidy

PROFILE = "profile:"
"""Before the key of a field wherever it stands beside the fields of the account: in a form, on the trail, as a column."""
BETWEEN = "\x1f"
"""Stands between the choices of one value; nobody can type it."""
YES, NO = "yes", "no"


class FieldType(StrEnum):
    """What can be typed into a field."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    ONE_OF = "one_of"
    SEVERAL_OF = "several_of"
    EMAIL = "email"
    PHONE = "phone"
    COUNTRY = "country"
    STATE = "state"
    URL = "url"
    IMAGE = "image"


CHOOSING = frozenset({FieldType.ONE_OF, FieldType.SEVERAL_OF})
"""The types that have choices of their own."""
TELLING_APART = frozenset({FieldType.TEXT, FieldType.NUMBER, FieldType.EMAIL, FieldType.PHONE, FieldType.URL})
"""The types whose values may be asked to differ from one user to the next."""
LIMITS = {FieldType.TEXT: 400, FieldType.LONG_TEXT: 4_000, FieldType.NUMBER: 40, FieldType.URL: 2_000}


@dataclass(frozen=True, slots=True)
class ProfileField:
    """A field of the profile of users, beside those that every account has."""

    key: str
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    unique: bool = False
    """Whether no two users have the same value, however it is spelled."""
    searchable: bool = False
    """Whether the search of the list finds it; then everybody who sees a user sees it."""
    personal: bool = False
    """Whether it stays on the form of the user: it is no column, in no export, and not found by a search."""
    choices: tuple[str, ...] = ()
    """What there is to choose, for `one_of` and `several_of`."""
    depends_on: str = ""
    """The key of the country that the choices of a `state` belong to."""
    help: str = ""
    view: str = ""
    """Who sees it, as `resource:level`, held at the user's home; empty: everybody who sees the user."""
    edit: str = ""
    """Who fills it in, likewise; empty: everybody who edits the user and sees the field."""
    unit_kinds: tuple[str, ...] = ()
    """At homes of which kinds there is such a field; empty: of every kind."""

    @property
    def name(self) -> str:
        """What it is called in a form, on the trail and among the columns."""
        return PROFILE + self.key

    @property
    def on_form_only(self) -> bool:
        """Whether it is no column, in no export, and not found by a search."""
        return self.personal or self.type is FieldType.IMAGE

    @property
    def asked(self) -> tuple[tuple[str, str], ...]:
        """What is asked of whoever fills it in, as pairs of resource and level."""
        return tuple(level_of(text) for text in (self.view, self.edit) if text)

    def fits(self, kind: str) -> bool:
        """Return whether there is such a field at homes of this kind."""
        return not self.unit_kinds or kind in self.unit_kinds


def level_of(text: str) -> tuple[str, str]:
    """Return the resource and the level that `resource:level` names."""
    resource, _colon, level = text.partition(":")
    return resource, level


def chosen_of(stored: str) -> list[str]:
    """Return the choices that one value is made of."""
    return stored.split(BETWEEN) if stored else []


def lines_of(stored: str) -> str:
    """Return a stored value as one would type it: several choices line by line."""
    return stored.replace(BETWEEN, "\n")


def unfit(field: ProfileField) -> Iterator[tuple[str, str, str]]:
    """Yield what does not go together in a field: which part, what is wrong with it, and what to do instead."""
    choices = [choice for choice in field.choices if choice == tidy(choice) and choice]
    if field.type in CHOOSING and (not choices or len(set(choices)) != len(field.choices)):
        yield "choices", "must be different words, one at least.", "Say what there is to choose."
    if field.choices and field.type not in CHOOSING:
        yield "choices", f"a {field.type} has none.", "Leave them out, or make it one_of or several_of."
    if bool(field.depends_on) != (field.type is FieldType.STATE):
        yield "depends_on", "belongs to a state, which needs it.", "Name the field of its country."
    if field.unique and field.type not in TELLING_APART:
        yield "unique", f"a {field.type} does not tell users apart.", f"Only these do: {', '.join(sorted(TELLING_APART))}."
    if field.type is FieldType.IMAGE and (field.required or field.searchable):
        wrong = "required" if field.required else "searchable"
        yield wrong, "does not go with an image: it is given once the account is there, and has no words.", "Leave it out."
    if field.searchable and (field.view or field.personal):
        yield "searchable", "a search would give away what not everybody may see.", "Leave out one of the two."


def stored_of(field: ProfileField, typed: str | None) -> str | None:
    """Return what is stored of a text, None for nothing; raise Invalid, about the field, for what it does not take.

    Of a country, a state, an e-mail address and a telephone number the text is only tidied: what they may be is no plain rule.
    """
    if field.type is FieldType.IMAGE:
        raise Invalid(field.name, reason="A picture is not typed. Choose a file in the form of the user.")
    text = _lines(typed or "") if field.type in (FieldType.LONG_TEXT, FieldType.SEVERAL_OF) else tidy(typed or "")
    if not text:
        if field.required:
            raise Invalid(field.name, reason="Choose one." if field.choices else "Enter something here.")
        return None
    limit = LIMITS.get(field.type, LIMITS[FieldType.TEXT])
    if len(text) > limit and field.type not in CHOOSING:
        raise Invalid(field.name, reason=f"Use at most {limit:,} characters; these are {len(text):,}.")
    return _RULES[field.type](field, text) if field.type in _RULES else text


def bound_together(fields: Iterable[ProfileField], typed: Mapping[str, str | None]) -> None:
    """Raise Invalid for a field that was given without the one that it depends on, or the other way round."""
    for field in fields:
        if field.depends_on and (field.key in typed) != (field.depends_on in typed):
            raise Invalid(field.name, reason="It depends on another field. Give both.")


def _lines(text: str) -> str:
    return "\n".join(tidy(line) for line in text.replace("\r\n", "\n").split("\n")).strip("\n")


def _number(field: ProfileField, text: str) -> str:
    try:
        number = Decimal(text.replace(" ", "").replace(",", ".") if text.isascii() and text.count(",") + text.count(".") <= 1 else "")
    except InvalidOperation as problem:
        raise Invalid(field.name, reason="Enter a number, for example 12.5.") from problem
    if not number.is_finite() or not -30 <= number.adjusted() <= 30:
        raise Invalid(field.name, reason="Enter a number, for example 12.5.")
    plain = f"{number:f}" if number else "0"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _date(field: ProfileField, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as problem:
        raise Invalid(field.name, reason="Enter a date in the form 2026-12-31.") from problem


def _yes_no(field: ProfileField, text: str) -> str:
    if text not in (YES, NO):
        raise Invalid(field.name, reason="Choose Yes or No.")
    return text


def _one_of(field: ProfileField, text: str) -> str:
    if text not in field.choices:
        raise Invalid(field.name, reason="Choose one of those on offer.")
    return text


def _several_of(field: ProfileField, text: str) -> str:
    chosen = set(text.split("\n")) - {""}
    if not chosen <= set(field.choices):
        raise Invalid(field.name, reason="Choose among those on offer.")
    return BETWEEN.join(choice for choice in field.choices if choice in chosen)


def _url(field: ProfileField, text: str) -> str:
    hint = "Enter an address that begins with https://."
    try:
        parts = urlsplit(text)
    except ValueError as problem:
        raise Invalid(field.name, reason=hint) from problem
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in text:
        raise Invalid(field.name, reason=hint)
    return text


_RULES = {
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.YES_NO: _yes_no,
    FieldType.ONE_OF: _one_of,
    FieldType.SEVERAL_OF: _several_of,
    FieldType.URL: _url,
}
