"""The list of users: what it can be asked for, and what it shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bo_panel.bootstrap import Panel
from bo_panel.domain.access import MEMBER
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.pages import Order
from bo_panel.hooks.registry import Registry
from bo_panel.queries.page import Page
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.units import Place
from bo_panel.queries.users import SIGNED_IN, Wanted
from bo_panel.settings.words import Words
from bo_panel.web.grid import Filter, Option, Search, column_of, filter_of, labels_of_filters, nothing_found, pager_of, sizes_of
from bo_panel.web.listing import Rules, State
from bo_panel.web.translating import gettext, language
from bo_panel.web.users.actions import status_word
from bo_panel.web.users.rows import CELLS, COUNT

FEW_HOMES = 50
ORDERS = (Order("name"), Order("user_name"), Order("last_sign_in", descending=True), Order("id", descending=True))
TURNED = tuple(Order(order.key, not order.descending) for order in ORDERS)
SHOWN_STATUSES = (Status.ACTIVE, Status.INVITED, Status.DISABLED, Status.ARCHIVED)
LABELLED = ("user_name", "first_name", "last_name", "email", "phone", "home", "role", "status")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: the roles and the homes that the person asking can see."""

    roles: RoleBook
    seen: Sequence[Place]
    """Homes in sight, up to one more than a filter can show."""

    named: Place | None = None
    """The unit in sight that the address narrows the list to."""

    @property
    def homes(self) -> Sequence[Place]:
        """The units that can be filtered by: the homes, unless there is one only, or too many to choose from; and the one that is named."""
        offered = self.seen if 1 < len(self.seen) <= FEW_HOMES else ()
        return (self.named, *offered) if self.named and self.named not in offered else offered

    @property
    def role_keys(self) -> Sequence[str]:
        """The roles that can be filtered by."""
        return [key for key in (*self.roles.registry.roles, *self.roles.stored) if key != MEMBER]


def rules_of(panel: Panel, choices: Choices) -> Rules:
    """Return what the list can be asked for in this deployment."""
    users = panel.settings.users
    return Rules(
        filters={
            "status": frozenset(status.value for status in SHOWN_STATUSES),
            "role": frozenset(choices.role_keys),
            "home": frozenset(str(place.id) for place in choices.homes),
            "signed_in": frozenset(SIGNED_IN),
        },
        orders=(*ORDERS, *TURNED),
        sizes=users.page_sizes,
        size=users.page_size,
        columns=(*CELLS, *counted_columns(panel.registry)),
        shown=users.columns,
        numbered=True,
    )


def wanted_of(state: State, choices: Choices) -> Wanted:
    """Return what the state asks of the database."""
    homes = {str(place.id): place.path for place in choices.homes}
    home = state.filters.get("home", ("",))[0]
    return Wanted(
        search=state.search,
        statuses=tuple(Status(value) for value in state.filters.get("status", ())),
        roles=state.filters.get("role", ()),
        signed_in=state.filters.get("signed_in", ("",))[0],
        beneath=homes.get(home),
        order=state.order,
        step=state.step,
        size=state.size,
    )


def frame_of(state: State, page: Page[Any], words: Words, choices: Choices) -> Mapping[str, Any]:
    """Return what the page shows around its rows."""
    counted = counted_columns(choices.roles.registry)
    labels = {**labels_of(words), **counted}
    person = column_of(state, "name", labels["name"])
    columns = [column_of(state, key, labels[key]) for key in state.columns]
    filters = _filters(state, words, choices)
    return {
        "list_url": state.path,
        "keep": state.pairs,
        "search": Search(state.search, gettext("Search %(users)s", users=words.users), gettext("Name, user name, e-mail or phone")),
        "filters": filters,
        "filter_labels": labels_of_filters(filters),
        "reset_url": state.reset_url,
        "columns": [person, *columns],
        "column_choices": _choosable(words, state.columns, tuple(counted.items()), language()),
        "page_sizes": sizes_of(state),
        "pager": pager_of(state, page),
        "empty": nothing_found(state, gettext("Nobody here yet"), gettext("Add somebody to begin.")),
    }


def labels_of(words: Words) -> Mapping[str, str]:
    """Return the heads of the columns, in the deployment's words."""
    return _labels(words, language())


def counted_columns(registry: Registry) -> Mapping[str, str]:
    """Return the columns that tell how many units of a kind somebody has access to, with their heads."""
    return {COUNT + kind.key: kind.plural for kind in registry.counted()}


def counted_kinds(state: State) -> Sequence[str]:
    """Return the kinds of units that the columns shown count."""
    return [column.removeprefix(COUNT) for column in state.columns if column.startswith(COUNT)]


@lru_cache(maxsize=100)
def _labels(words: Words, _language: str) -> Mapping[str, str]:
    given = {key: words[key] for key in LABELLED}
    return {"name": gettext("Name"), **given, "last_sign_in": gettext("Last sign-in"), "id": gettext("ID")}


@lru_cache(maxsize=1_000)
def _choosable(words: Words, shown: Sequence[str], counted: tuple[tuple[str, str], ...], _language: str) -> tuple[Option, ...]:
    labels = labels_of(words)
    some = [*((key, labels[key]) for key in CELLS), *counted]
    return Option("name", labels["name"], chosen=True, fixed=True), *(Option(key, label, key in shown) for key, label in some)


@lru_cache(maxsize=100)
def _fixed_choices(words: Words, _language: str) -> tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]:
    """Return what can be chosen of the status, and of the last sign-in."""
    statuses = [(status.value, status_word(words, status)) for status in SHOWN_STATUSES]
    signed_in = [("never", gettext("Never")), ("recently", gettext("In the last 30 days")), ("long_ago", gettext("More than 90 days ago"))]
    return statuses, signed_in


def _filters(state: State, words: Words, choices: Choices) -> list[Filter]:
    statuses, signed_in = _fixed_choices(words, language())
    found = [
        filter_of(state, "status", words.status, statuses),
        filter_of(state, "role", words.role, [(key, choices.roles.label(key)) for key in choices.role_keys]),
        filter_of(state, "signed_in", gettext("Last sign-in"), signed_in, several=False),
    ]
    if choices.homes:
        homes = [(str(place.id), place.name) for place in choices.homes]
        label = words.home if choices.named is None or choices.named in choices.seen else gettext("Unit")
        found.insert(2, filter_of(state, "home", label, homes, several=False))
    return found
