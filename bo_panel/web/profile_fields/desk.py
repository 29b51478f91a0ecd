"""What the pages of the form editor need: the unit whose fields they are, and the fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request

from bo_panel.domain.errors import NotFound
from bo_panel.domain.profile_fields import FieldType, ProfileField
from bo_panel.queries.profile_fields import changed_by, field_book, owned_by
from bo_panel.queries.units import Place, place, units_below
from bo_panel.web.current import me, panel, scope, session
from bo_panel.web.translating import gettext
from bo_panel.web.users.typed import number

MANY = 200
"""How many units there are to choose from; others are reached from their own page."""


@dataclass(frozen=True)
class FormDesk:
    """The fields of one unit in front of the person asking."""

    view: Any
    place: Place

    @property
    def edits(self) -> bool:
        """Whether the person asking may change them."""
        return me().access.allows("profile_fields", "edit", self.place.path)

    def changes(self, field: ProfileField) -> bool:
        """Return whether the person asking may change a field that the unit owns, and so sees it and fills it in."""
        return self.edits and changed_by(me().access, field, self.place.path)

    @property
    def levels(self) -> Mapping[str, str]:
        """What a field may ask for: the levels that the person asking holds here, by resource and level, in words."""
        levels = [(found, level) for found in panel().registry.resources.values() for level in found.levels]
        held = [(found, level) for found, level in levels if me().access.allows(found.key, level, self.place.path)]
        return {f"{found.key}:{level}": f"{found.label}: {level}" for found, level in held}

    @cached_property
    def rows(self) -> Sequence[Any]:
        """The rows of the fields that the unit owns, removed ones too; one statement."""
        return owned_by(session(), self.place.id)

    @cached_property
    def fields(self) -> Sequence[ProfileField]:
        """All fields of users at home here, those of plugins and of units above included."""
        return field_book(session(), panel().registry).at(self.place.path, self.place.kind)

    def row(self, text: str, *, removed: bool = False) -> Any:
        """Return the row that an address names; raise NotFound for one that the unit does not own."""
        found = [row for row in self.rows if str(row.id) == text and (row.removed_at is not None) is removed]
        if not found:
            raise NotFound
        return found[0]

    def url(self, endpoint: str, row: Any = None) -> str:
        """Return the address of a page about this unit, or about one of its fields."""
        more = f"&field={row.id}" if row is not None else ""
        return f"{self.view.get_url(endpoint)}?unit={self.place.id}{more}"


def desk_of(view: Any) -> FormDesk:
    """Return the unit that the address names, else the first where the person asking holds anything of this; raise NotFound for one out of sight."""
    text, seen = request.args.get("unit", ""), scope("profile_fields")
    found = place(session(), number(text) if text else seen.paths[0].ids[-1]) if number(text) or not text else None
    if found is None or not seen.covers(found.path):
        raise NotFound
    return FormDesk(view, found)


def units_in_sight() -> Sequence[Place]:
    """Return the units that there are to choose from, by name; one statement."""
    return units_below(session(), scope("profile_fields"), tuple(panel().registry.kinds), limit=MANY)



def type_words() -> dict[FieldType, str]:
    """Return what each type is called."""
    return {
        FieldType.TEXT: gettext("Text"),
        FieldType.LONG_TEXT: gettext("Long text"),
        FieldType.NUMBER: gettext("Number"),
        FieldType.DATE: gettext("Date"),
        FieldType.YES_NO: gettext("Yes or no"),
        FieldType.ONE_OF: gettext("One of several choices"),
        FieldType.SEVERAL_OF: gettext("Several of several choices"),
        FieldType.EMAIL: gettext("E-mail address"),
        FieldType.PHONE: gettext("Telephone number"),
        FieldType.COUNTRY: gettext("Country"),
        FieldType.STATE: gettext("State or province of a country"),
        FieldType.URL: gettext("Web address"),
        FieldType.IMAGE: gettext("Picture"),
    }


def rule_words() -> dict[str, str]:
    """Return what each rule of a field says."""
    return {
        "required": gettext("Must be filled in"),
        "unique": gettext("No two users have the same"),
        "searchable": gettext("Found by the search"),
        "personal": gettext("On the form only: no column and no export"),
    }
