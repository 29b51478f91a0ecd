"""What is stored of a record that was typed, and what one would type of a record that is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from bo_panel.domain.errors import Invalid, Refusal, Together, UnknownField
from bo_panel.domain.identifiers import key as comparable
from bo_panel.domain.identifiers import search_document, sort_form
from bo_panel.domain.profile_fields import NO, PROFILE, YES, FieldType, ProfileField
from bo_panel.hooks.pages import FOLLOWS, ModelPage, PersonField
from bo_panel.queries.records import LOGIN, who_may_look_after
from bo_panel.services.changes.profile_values import stored_value, value_key
from bo_panel.services.engine import Context

AT_ONCE = 500


@dataclass(frozen=True)
class Keeper:
    """What turns what was typed for records of one unit into what is stored."""

    context: Context
    page: ModelPage
    unit_id: int
    kept: frozenset[str] = frozenset()
    """The columns of people that stay as they are, whatever has become of those."""
    _people: dict[tuple[str, str], int | None] = field(default_factory=dict)

    def stored(self, typed: Mapping[str, str]) -> dict[str, Any]:
        """Return the columns of a record; raise, about the fields, all that is wrong with it."""
        columns, wrong = self.tried(typed)
        Together(*wrong).check()
        return columns

    def tried(self, typed: Mapping[str, str]) -> tuple[dict[str, Any], Sequence[Refusal]]:
        """Return the columns of a record, and everything that is wrong with it, in the order of the form."""
        wrong = Together(*(UnknownField(PROFILE + key, name=key[:80]) for key in typed if key not in names_of(self.page)))
        columns: dict[str, Any] = {}
        texts: dict[str, str] = {}
        for part in self.page.fields:
            with wrong.noting():
                text = stored_value(self.context.rules.phone_region, part, typed.get(part.key), None)
                texts[part.key] = text or ""
                columns[part.key] = self._held(part, text)
                if part.unique:
                    columns[part.key + FOLLOWS] = value_key(part, text) if text else None
        for person in self.page.people:
            with wrong.noting():
                if person.key not in self.kept:
                    columns[person.key] = self._person(person, typed.get(person.key, ""))
        found = " ".join(texts.get(key, "") for key in self.page.order or self.page.name)
        words = (texts.get(part.key) for part in self.page.fields if part.searchable)
        return {**columns, "sort_key": sort_form(found), "document": search_document(*words)}, wrong.refusals

    def taken(self, rows: Sequence[Mapping[str, Any]], but: int = 0) -> Iterator[tuple[int, str]]:
        """Yield which of these rows, from 0, has a value that another record of the unit has already, or one before it; and the field."""
        for part in self.page.fields:
            if part.unique:
                column = part.key + FOLLOWS
                seen = self._there(column, [row[column] for row in rows if row[column]], but)
                for place, row in enumerate(rows):
                    if row[column] in seen:
                        yield place, part.name
                    if row[column]:
                        seen.add(row[column])

    def _there(self, column: str, values: Sequence[str], but: int) -> set[str]:
        table = self.page.table
        others = select(table.c[column]).where(table.c[self.page.unit] == self.unit_id, table.c.id != but)
        parts = (values[first : first + AT_ONCE] for first in range(0, len(values), AT_ONCE))
        return {found for part in parts for found in self.context.session.scalars(others.where(table.c[column].in_(part)))}

    def _held(self, field: ProfileField, text: str | None) -> Any:
        """Return a value as its column holds it."""
        column = self.page.table.c[field.key]
        if field.type is FieldType.DATE:
            return date.fromisoformat(text) if text else self._nothing(field, None)
        if field.type is FieldType.YES_NO:
            return text == YES if text else self._nothing(field, False)
        longest = getattr(column.type, "length", None)
        if text and longest and len(text) > longest:
            raise Invalid(field.name, reason=f"Use at most {longest:,} characters; these are {len(text):,}.")
        return text if text is not None else self._nothing(field, "")

    def _nothing(self, field: ProfileField, stands: Any) -> Any:
        """Return what a column holds where nothing was typed: what stands for nothing, where it cannot be empty."""
        if self.page.table.c[field.key].nullable:
            return None
        if stands is None:
            raise Invalid(field.name, reason="Enter something here.")
        return stands

    def _person(self, person: PersonField, user_name: str) -> int | None:
        if not comparable(user_name):
            return None
        asked = (person.key, comparable(user_name))
        if asked not in self._people:
            theirs = who_may_look_after(person, self.unit_id, self.context.now).subquery()
            self._people[asked] = self.context.session.scalar(select(theirs.c.id).where(theirs.c.user_name_key == asked[1]).limit(1))
        found = self._people[asked]
        if found is None:
            raise Invalid(PROFILE + person.key, reason="Nobody who can do this here has that user name. Choose one of those on offer.")
        return found


def as_typed(page: ModelPage, found: Any) -> dict[str, str]:
    """Return what one would type of a record that is stored."""
    row = found._mapping
    fields = {field.key: _typed(row[field.key]) for field in page.fields}
    return fields | {person.key: row[LOGIN + person.key] or "" for person in page.people}


def told_of(page: ModelPage, stored: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, str]:
    """Return what the trail tells of a record that is new: what it holds, without what is empty."""
    fields = {field.key: _typed(stored[field.key]) for field in page.fields}
    people = {person.key: typed.get(person.key, "") for person in page.people}
    return {key: value for key, value in {**fields, **people}.items() if value}


def same_person(before: str, typed: str | None) -> bool:
    """Return whether what was typed names whoever was named before."""
    return typed is None or comparable(typed) == comparable(before)


def names_of(page: ModelPage) -> Mapping[str, str]:
    """Return what the fields and the people of a page are called, by key."""
    return {**{field.key: field.label for field in page.fields}, **{person.key: person.label for person in page.people}}


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return value.isoformat() if isinstance(value, date) else value or ""
