"""Filters by profile fields, and by the numbers of plugins: what an address may ask, and how it is shown."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from bo_panel.domain.profile_fields import FieldType, ProfileField
from bo_panel.hooks.on_users import Column
from bo_panel.queries.filters import AT_LEAST, AT_MOST, CHOICES, EMPTY, FILLED, OPERATORS, FieldIs, choices_of, comparison
from bo_panel.queries.profile_fields import Owned
from bo_panel.web.current import me
from bo_panel.web.grid import Filter, Option, filter_of
from bo_panel.web.listing import State
from bo_panel.web.translating import gettext
from bo_panel.web.users.profile import shown

Typed = Callable[[Sequence[str]], tuple[str, ...]]


def chosen_filters(profile: Sequence[Owned], columns: Sequence[Column]) -> Mapping[str, frozenset[str]]:
    """Return the filters of which some values can be chosen, with those values."""
    fields = {owned.field.name: frozenset(choices_of(owned.field)) for owned in profile if OPERATORS.get(owned.field.type) == CHOICES}
    return {**fields, **{column.key: frozenset(map(str, column.at_least)) for column in columns if column.at_least}}


def typed_filters(profile: Sequence[Owned]) -> Mapping[str, Typed]:
    """Return the filters that are a comparison with what is typed, each with what makes sense of the parameters."""
    comparing = [owned.field for owned in profile if OPERATORS.get(owned.field.type, CHOICES) != CHOICES]
    return {field.name: partial(_meant, field) for field in comparing}


def fields_asked(state: State, profile: Sequence[Owned]) -> tuple[FieldIs, ...]:
    """Return what the state asks of profile fields, where the person asking sees them."""
    return tuple(FieldIs.asked(owned, state.filters[owned.field.name], me().access) for owned in profile if owned.field.name in state.filters)


def asked_in_words(asked: FieldIs) -> str:
    """Return what is asked of a profile field, as one reads it."""
    if asked.how == CHOICES[0]:
        field = ProfileField(asked.key, asked.label, asked.type)
        return f"{asked.label}: {gettext(' or ').join(shown(field, value) for value in asked.values)}"
    return " ".join((f"{asked.label}:", _words(asked.type)[asked.how], *asked.values))


def more_filters(state: State, profile: Sequence[Owned], columns: Sequence[Column]) -> list[Filter]:
    """Return the filters by columns that are shown, or that are in use."""
    here = {*state.columns, *state.filters}
    fields = [owned.field for owned in profile if owned.field.name in here and owned.field.type in OPERATORS]
    numbers = [column for column in columns if column.at_least and column.key in here]
    return [*(_of_field(state, field) for field in fields), *(_of_number(state, column) for column in numbers)]


def _of_field(state: State, field: ProfileField) -> Filter:
    if OPERATORS[field.type] == CHOICES:
        return filter_of(state, field.name, field.label, [(choice, shown(field, choice)) for choice in choices_of(field)])
    how, value = (*state.filters.get(field.name, ()), "", "")[:2]
    words = _words(field.type)
    options = tuple(Option(key, words[key], key == how) for key in OPERATORS[field.type])
    said = " ".join(filter(None, (words[how], value))) if how else ""
    return Filter(field.name, field.label, "typed", options, said, state.without(field.name) if how else "", value)


def _of_number(state: State, column: Column) -> Filter:
    choices = [(str(number), gettext("At least %(number)s", number=number)) for number in column.at_least]
    return filter_of(state, column.key, column.label, choices, several=False)


def _meant(field: ProfileField, values: Sequence[str]) -> tuple[str, ...]:
    how, value = (*values, "", "")[:2]
    return comparison(field, how, value)


def _words(of: FieldType) -> Mapping[str, str]:
    dates = of is FieldType.DATE
    return {
        "contains": gettext("contains"),
        "is": gettext("is"),
        AT_LEAST: gettext("from") if dates else gettext("at least"),
        AT_MOST: gettext("until") if dates else gettext("at most"),
        EMPTY: gettext("is empty"),
        FILLED: gettext("is filled in"),
    }
