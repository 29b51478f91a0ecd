"""What was typed into the form of a user, taken apart; nothing that the form does not have is let through."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from bo_panel.domain.access import MEMBER, TOGGLE
from bo_panel.domain.errors import UnknownField, UnknownUnit
from bo_panel.domain.profile_fields import PROFILE, lines_of
from bo_panel.queries.grants import HeldRole

ACCOUNT = ("user_name", "first_name", "last_name", "email", "phone")
OTHERS = ("csrf_token", "version", "home", "role", "roles", "password", "toggles", "confirmed")
UNITS = "units:"
SWITCH = "switch:"
"""Before the key of a toggle, in a form for several users."""
ALL = "all"
"""Stands among the units of a kind for all of them, those included that are added later."""
LONGEST = 2_000
LONGEST_PROFILE = 10_000
MOST_UNITS = 1_000
MOST_ROLES = 200


@dataclass(frozen=True, slots=True)
class Typed:
    """The values of the form, as text; `units` are the ids chosen per unit kind, or ALL."""

    values: Mapping[str, str] = field(default_factory=dict)
    home: str = ""
    role: str = ""
    units: Mapping[str, Sequence[str]] = field(default_factory=dict)
    toggles: frozenset[str] | None = None
    """The toggles that are on; None where the form has none."""
    roles: tuple[str, ...] = ()
    """The roles, in a form that gives several."""
    password: str = field(default="", repr=False)
    profile: Mapping[str, str] = field(default_factory=dict)
    """By the key of the field; several choices are lines."""
    switches: Mapping[str, str] = field(default_factory=dict)
    """What becomes of each toggle (`on` or `off`), by its key, in a form for several users."""
    version: int = 0
    confirmed: str = ""
    """What was agreed to, as the page that asked it says it."""

    @property
    def every_role(self) -> tuple[str, ...]:
        """The roles that are chosen, be it one or several."""
        return self.roles or ((self.role,) if self.role else ())

    def chosen(self, kind: str) -> frozenset[int]:
        """Return the units chosen of a kind; raise UnknownUnit for anything that is no id."""
        texts = self.units.get(kind, ())
        if len(texts) > MOST_UNITS:
            raise UnknownUnit(UNITS + kind)
        return frozenset(unit_id(text, UNITS + kind) for text in texts if text != ALL)

    def whole(self, kind: str) -> bool:
        """Return whether all of a kind are chosen."""
        return ALL in self.units.get(kind, ())


def typed(form: MultiDict[str, str], pickers: Sequence[str], names: Sequence[str] = (*ACCOUNT, *OTHERS), profile: Collection[str] = ()) -> Typed:
    """Return what was posted; raise UnknownField for a field that this form, with these names and profile fields, does not have."""
    known = {*names, *(UNITS + kind for kind in pickers), *(PROFILE + key for key in profile)}
    for name in form:
        if name not in known:
            raise UnknownField(name=name[:80])
    return Typed(
        values={name: form[name].replace("\x00", "")[:LONGEST] for name in ACCOUNT if name in form},
        home=form.get("home", "")[:40],
        role=form.get("role", "")[:120],
        roles=tuple(role[:120] for role in dict.fromkeys(form.getlist("roles")[:MOST_ROLES]) if role),
        units={kind: form.getlist(UNITS + kind) for kind in pickers},
        toggles=frozenset(form.getlist("toggles")[:MOST_UNITS]) - {""} if "toggles" in form else None,
        password=form.get("password", "")[:LONGEST],
        confirmed=form.get("confirmed", "")[:100],
        switches={name.removeprefix(SWITCH): form[name][:10] for name in names if name.startswith(SWITCH) and form.get(name)},
        profile={key: _lines(form.getlist(PROFILE + key)) for key in profile if PROFILE + key in form},
        version=number(form.get("version", "")),
    )


def _lines(texts: Sequence[str]) -> str:
    return "\n".join(filter(None, texts)).replace("\r\n", "\n").replace("\x00", "")[:LONGEST_PROFILE]


def with_version(filled: Typed, version: int) -> Typed:
    """Return the same values for another version, so that saving again overwrites on purpose."""
    return replace(filled, version=version)


def account_values(row: Any) -> dict[str, str]:
    """Return the fields of an account as text; an address that stands for having none is not shown."""
    values = {name: getattr(row, name) or "" for name in ACCOUNT}
    return values if row.email_deliverable else {**values, "email": ""}


def profile_values(row: Any) -> dict[str, str]:
    """Return what is stored in the profile of an account, as the form has it."""
    return {key: lines_of(value) for key, value in json.loads(row.profile).items()} if row.profile != "{}" else {}


def main_role(held: Sequence[HeldRole], home_id: int) -> str:
    """Return the role that the form is about: one held at home before the one held at most units, not `member` nor a toggle; '' for none."""
    theirs = [grant for grant in held if grant.role_key != MEMBER and not grant.role_key.startswith(TOGGLE)]
    at_home = [grant.role_key for grant in theirs if grant.unit_id == home_id]
    keys = at_home or [grant.role_key for grant in theirs]
    return max(dict.fromkeys(keys), key=keys.count, default="")


def unit_id(text: str, field: str = "home") -> int:
    """Return the id that a text names; raise UnknownUnit, about the field, when it names none."""
    found = number(text)
    if found <= 0:
        raise UnknownUnit(field)
    return found


def number(text: str) -> int:
    """Return the whole number that a text is, 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0
