"""What the list of users shows around its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from bo_panel.domain.identifiers import searched_id
from bo_panel.domain.lifecycle import Status
from bo_panel.queries.page import Page
from bo_panel.settings.words import Words
from bo_panel.web.grid import Filter, Option, Search, column_of, filter_of, labels_of_filters, nothing_found, pager_of, sizes_of
from bo_panel.web.listing import State
from bo_panel.web.translating import gettext, language
from bo_panel.web.users.actions import status_word
from bo_panel.web.users.field_filters import more_filters
from bo_panel.web.users.rows import CELLS
from bo_panel.web.users.tabs import tabs_of
from bo_panel.web.users.tools import tools_of
from bo_panel.web.users.wishes import Choices, more_columns

LABELLED = ("user_name", "first_name", "last_name", "email", "phone", "home", "role", "status")


def frame_of(state: State, page: Page[Any], words: Words, choices: Choices, *, pane: bool) -> Mapping[str, Any]:
    """Return what the page shows around its rows; in a pane, the search has a name and a button."""
    more = more_columns(choices)
    labels = {**labels_of(words), **more}
    person = column_of(state, "name", labels["name"])
    columns = [column_of(state, key, labels[key]) for key in state.columns]
    filters = _filters(state, words, choices)
    return {
        "list_url": state.path,
        "keep": state.pairs,
        "tabs": tabs_of(state, choices.roles.registry.tabs, choices.tab),
        "search": _search(state, words, pane=pane),
        "tools": tools_of(state.filters.get("home", ("",))[0], choices.homes, choices.seen),
        "filters": filters,
        "filter_labels": labels_of_filters(filters),
        "reset_url": state.reset_url,
        "columns": [person, *columns],
        "column_choices": _choosable(words, state.columns, tuple(more.items()), language()),
        "page_sizes": sizes_of(state),
        "pager": pager_of(state, page),
        "by_id": _by_id(state),
        "empty": nothing_found(state, gettext("Nobody here yet"), gettext("Add somebody to begin.")),
    }


def _search(state: State, words: Words, *, pane: bool) -> Search:
    title, button = (words.search_box, words.find) if pane else ("", "")
    label = gettext("Search %(users)s", users=words.users)
    return Search(state.search, label, gettext("Name, user name, e-mail, phone or id:7"), title, button)


def _by_id(state: State) -> tuple[str, str] | None:
    """Return the link to the user with the id that was searched for as a plain number; None where none was."""
    if not searched_id(f"id:{state.search}"):
        return None
    asked = f"id:{state.search}"
    return gettext("Show the user with this ID: %(asked)s", asked=asked), replace(state, search=asked).url()


def labels_of(words: Words) -> Mapping[str, str]:
    """Return the heads of the columns, in the deployment's words."""
    return _labels(words, language())


@lru_cache(maxsize=100)
def _labels(words: Words, _language: str) -> Mapping[str, str]:
    given = {key: words[key] for key in LABELLED}
    return {"name": gettext("Name"), **given, "last_sign_in": gettext("Last sign-in"), "edit": words.edit_column, "id": gettext("ID")}


@lru_cache(maxsize=1_000)
def _choosable(words: Words, shown: Sequence[str], more: tuple[tuple[str, str], ...], _language: str) -> tuple[Option, ...]:
    labels = labels_of(words)
    some = [*((key, labels[key]) for key in CELLS), *more]
    return Option("name", labels["name"], chosen=True, fixed=True), *(Option(key, label, key in shown) for key, label in some)


@lru_cache(maxsize=100)
def _fixed_choices(words: Words, of: tuple[Status, ...], _language: str) -> tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]:
    """Return what can be chosen of the status, and of the last sign-in."""
    statuses = [(status.value, status_word(words, status)) for status in of]
    signed_in = [("never", gettext("Never")), ("recently", gettext("In the last 30 days")), ("long_ago", gettext("More than 90 days ago"))]
    return statuses, signed_in


def _filters(state: State, words: Words, choices: Choices) -> list[Filter]:
    statuses, signed_in = _fixed_choices(words, tuple(choices.statuses), language())
    found = [
        *([filter_of(state, "status", words.status, statuses)] if len(statuses) > 1 else []),
        filter_of(state, "role", words.role, [(key, choices.roles.label(key)) for key in choices.role_keys]),
        filter_of(state, "signed_in", gettext("Last sign-in"), signed_in, several=False),
    ]
    if choices.homes:
        homes = [(str(place.id), place.name) for place in choices.homes]
        label = words.home if choices.named is None or choices.named in choices.seen else gettext("Unit")
        found.insert(-1, filter_of(state, "home", label, homes, several=False))
    return [*found, *more_filters(state, choices.profile, choices.columns)] if choices.profile or choices.columns else found
