"""What every list page shows around its rows: head, search, filters, sizes and pager."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from bo_panel.domain.pages import Order, Step
from bo_panel.queries.page import COUNT_LIMIT, Page
from bo_panel.web.listing import State
from bo_panel.web.translating import gettext


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a page."""

    title: str
    subtitle: str = ""
    add_label: str | None = None
    add_url: str | None = None
    add_icon: str = "user-plus"


@dataclass(frozen=True, slots=True)
class Search:
    """The search box."""

    value: str
    label: str
    placeholder: str
    title: str = ""
    """What stands before the box; '' where nothing does."""
    button: str = ""
    """What stands on the button behind it; '' where there is none."""


class Option(NamedTuple):
    """One value of a filter, or one column in the chooser."""

    value: str
    label: str
    chosen: bool = False
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter, and what it is set to."""

    key: str
    label: str
    kind: str
    options: tuple[Option, ...]
    summary: str = ""
    remove_url: str = ""
    value: str = ""
    """What is typed, for the kind `typed`."""


class Column(NamedTuple):
    """A column that is shown."""

    key: str
    label: str
    sort_url: str | None = None
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """A choice of how many rows a page has."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of the list, and whether it is the one that is shown."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one can go from here."""

    label: str
    first_url: str | None
    previous_url: str | None
    next_url: str | None
    last_url: str | None
    numbered: bool = False
    """Whether there is a field for the number of a page."""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What is said instead of rows."""

    title: str
    text: str
    action_label: str | None = None
    action_url: str | None = None


def filter_of(state: State, key: str, label: str, choices: Iterable[tuple[str, str]], *, several: bool = True) -> Filter:
    """Return a filter with its choices (value, label), as the state has it."""
    options, named = _options(tuple(choices), state.filters.get(key, ()), gettext(" or "))
    return Filter(key, label, "choices" if several else "choice", options, named, state.without(key) if named else "")


def labels_of_filters(filters: Iterable[Filter]) -> tuple[tuple[str, str], ...]:
    """Return the filters as the menu names them: pairs of key and label."""
    return tuple((found.key, found.label) for found in filters)


@lru_cache(maxsize=1_000)
def _options(choices: tuple[tuple[str, str], ...], chosen: tuple[str, ...], between: str) -> tuple[tuple[Option, ...], str]:
    """Return the choices as options, and in words which of them are chosen."""
    options = tuple(Option(value, text, value in chosen) for value, text in choices)
    return options, between.join(option.label for option in options if option.chosen)


def column_of(state: State, key: str, label: str) -> Column:
    """Return a column's head: how it is sorted, and the address that sorts by it."""
    here = [order for order in state.rules.orders if order.key == key]
    if not here:
        return Column(key, label)
    if state.order.key != key:
        return Column(key, label, state.url(order=here[0]))
    turned = Order(key, not state.order.descending)
    return Column(key, label, state.url(order=turned), "descending" if state.order.descending else "ascending")


def sizes_of(state: State) -> list[Size]:
    """Return the choices of how many rows a page has."""
    return [Size(str(size), state.url(size=size), size == state.size) for size in state.rules.sizes]


def pager_of(state: State, page: Page[Any]) -> Pager:
    """Return where one can go from this page."""
    return Pager(
        label=_count(page),
        first_url=state.page_url(Step()) if page.previous else None,
        previous_url=state.page_url(Step(page.previous, backwards=True)) if page.previous else None,
        next_url=state.page_url(Step(page.next)) if page.next else None,
        last_url=state.last_url if page.next else None,
        numbered=state.rules.numbered and (page.previous or page.next) is not None,
        number=str(state.step.skip // state.size + 1) if state.step.skip and page.next else "",
    )


def nothing_found(state: State, title: str, text: str) -> Empty:
    """Return what an empty list says: that nothing matches, or what it says when there is nothing at all."""
    if state.search or state.filters:
        return Empty(gettext("Nothing matches"), gettext("Try other words or fewer filters."), gettext("Reset List"), state.plain_url)
    if state.step.place or state.step.backwards:
        return Empty(
            gettext("This page is empty"), gettext("The list has become shorter."), gettext("Go to the first page"), state.url()
        )
    return Empty(title, text)


def _count(page: Page[Any]) -> str:
    if page.counted_out:
        return gettext("%(shown)s of %(limit)s+ shown", shown=len(page.rows), limit=f"{COUNT_LIMIT:,}")
    return gettext("%(shown)s of %(all)s shown", shown=len(page.rows), all=f"{page.count:,}")
