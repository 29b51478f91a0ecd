"""What the list of users can be asked for, and what an address asks of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bo_panel.bootstrap import Panel
from bo_panel.domain.access import MEMBER
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.pages import Order
from bo_panel.hooks.contributions import Tab
from bo_panel.hooks.on_users import Column
from bo_panel.hooks.registry import Registry
from bo_panel.queries.filters import SIGNED_IN
from bo_panel.queries.profile_fields import Owned, key_of
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.units import Place
from bo_panel.queries.users import Wanted
from bo_panel.web.listing import Rules, State
from bo_panel.web.users.field_filters import chosen_filters, fields_asked, typed_filters
from bo_panel.web.users.more_columns import with_plugins
from bo_panel.web.users.rows import CELLS, COUNT
from bo_panel.web.users.tabs import part_of

FEW_HOMES = 50
ORDERS = (Order("name"), Order("user_name"), Order("last_sign_in", descending=True), Order("id", descending=True))
TURNED = tuple(Order(order.key, not order.descending) for order in ORDERS)
SHOWN_STATUSES = (Status.ACTIVE, Status.INVITED, Status.DISABLED, Status.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: the roles and the homes that the person asking can see."""

    roles: RoleBook
    seen: Sequence[Place]
    """Homes in sight, up to one more than a filter can show."""

    named: Place | None = None
    """The unit in sight that the address narrows the list to."""
    profile: Sequence[Owned] = ()
    """The profile fields that can be columns."""
    columns: Sequence[Column] = ()
    """The columns of plugins."""

    tab: Tab | None = None
    """The part of the list that is shown, where it has parts."""

    @property
    def statuses(self) -> Sequence[Status]:
        """The statuses that there are in this part of the list."""
        return self.tab.statuses if self.tab else SHOWN_STATUSES

    @property
    def homes(self) -> Sequence[Place]:
        """The units that can be filtered by: the homes, unless there is one only, or too many to choose from; and the one that is named."""
        offered = self.seen if 1 < len(self.seen) <= FEW_HOMES else ()
        return (self.named, *offered) if self.named and self.named not in offered else offered

    @property
    def role_keys(self) -> Sequence[str]:
        """The roles that can be filtered by."""
        return [key for key in (*self.roles.registry.roles, *self.roles.stored) if key != MEMBER]


def rules_of(here: Panel, choices: Choices) -> Rules:
    """Return what the list can be asked for in this deployment."""
    users, more = here.settings.users, more_columns(choices)
    usual = (*users.columns, *(column.key for column in choices.columns if column.shown and column.key not in users.columns))
    sorts = (Order(column.key, descending) for column in choices.columns if column.sortable for descending in (column.number, not column.number))
    return Rules(
        filters={
            "status": frozenset(status.value for status in choices.statuses),
            "role": frozenset(choices.role_keys),
            "home": frozenset(str(place.id) for place in choices.homes),
            "signed_in": frozenset(SIGNED_IN),
            **chosen_filters(choices.profile, choices.columns),
        },
        typed=typed_filters(choices.profile),
        orders=(*ORDERS, *TURNED, *sorts),
        sizes=users.page_sizes,
        size=users.page_size,
        columns=(*CELLS, *more),
        shown=tuple(key for key in usual if key in CELLS or key in more),
        numbered=True,
        part=part_of(here.registry.tabs, choices.tab),
    )


def wanted_of(state: State, choices: Choices) -> Wanted:
    """Return what the state asks of the database."""
    homes = {str(place.id): place.path for place in choices.homes}
    home = state.filters.get("home", ("",))[0]
    asked = tuple(Status(value) for value in state.filters.get("status", ()))
    wanted = Wanted(
        search=state.search,
        statuses=asked or (choices.tab.statuses if choices.tab else ()),
        roles=state.filters.get("role", ()),
        signed_in=state.filters.get("signed_in", ("",))[0],
        beneath=homes.get(home),
        order=state.order,
        profile=tuple(key for key in map(key_of, state.columns) if key),
        step=state.step,
        size=state.size,
        fields=fields_asked(state, choices.profile),
    )
    return with_plugins(wanted, state, choices.columns) if choices.columns else wanted


def counted_columns(registry: Registry) -> Mapping[str, str]:
    """Return the columns that tell how many units of a kind somebody has access to, with their heads."""
    return {COUNT + kind.key: kind.plural for kind in registry.counted()}


def more_columns(choices: Choices) -> Mapping[str, str]:
    """Return the columns that not every deployment has, with their heads: those that count, and the profile."""
    profile = {owned.field.name: owned.field.label for owned in choices.profile}
    return {**counted_columns(choices.roles.registry), **profile, **{column.key: column.label for column in choices.columns}}


def counted_kinds(state: State) -> Sequence[str]:
    """Return the kinds of units that the columns shown count."""
    return [column.removeprefix(COUNT) for column in state.columns if column.startswith(COUNT)]
