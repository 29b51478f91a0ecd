"""What plugins add to the list and to the form of users: columns, actions, panels."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from bo_panel.domain.lifecycle import Status

ActionKind: TypeAlias = Literal["toolbar", "row", "bulk", "detail"]
"""Where an action stands: in the menu above the list as a link, in the menu of a row, for the selected rows, beside the form of one."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds at a unit, so far as whoever looks sees it."""

    role: str
    unit_id: int
    unit_name: str
    unit_kind: str


@dataclass(frozen=True, slots=True)
class ListedUser:
    """A user as he stands in the list or in the form; a copy that nothing happens to."""

    id: int
    user_name: str
    home_id: int
    home_name: str
    home_kind: str
    status: Status
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """The users of one page of the list, those of them whose column may be seen."""

    users: tuple[ListedUser, ...]
    read: Callable[[Any], Sequence[Any]] = field(repr=False)
    """Returns the rows of a select, such as one of the plugin's own tables; it cannot write."""

    def __iter__(self) -> Iterator[ListedUser]:
        """Yield the users in order."""
        return iter(self.users)

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of the users."""
        return tuple(user.id for user in self.users)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list of users: worked out by the database, or loaded for a page at once."""

    key: str
    label: str
    sql: Callable[[Any], Any] | None = None
    """Takes an `Asking`, and returns an expression of SQLAlchemy about one user: a text, or a whole number."""
    load: Callable[[Listed], Mapping[int, str]] | None = None
    """Takes the users of a page, and returns what is shown of each, by id; nothing for whom it leaves out."""
    number: bool = False
    """Whether it is a whole number."""
    sortable: bool = False
    """Whether the list can be sorted by it; only what the database works out can."""
    at_least: tuple[int, ...] = ()
    """Of a number: what the list can be narrowed to, as the smallest value that is shown."""
    needs: tuple[str, str] | None = None
    """The resource and the level that whoever sees it holds at the user's home; None: everybody who sees the user."""
    shown: bool = False
    """Whether it is shown unless somebody chooses other columns."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done to users, or a page to go to. It makes one change of the engine's, with all that belongs to one."""

    key: str
    label: str
    kinds: tuple[ActionKind, ...] = ("row", "bulk", "detail")
    title_one: str = ""
    """The question before it, with `{name}`."""
    title_many: str = ""
    """The same of several, with `{n}`."""
    body: str = ""
    """What it brings about."""
    yes: str = ""
    """What stands on the button that does it; '' for its label."""
    icon: str = "puzzle"
    danger: bool = False
    needs: tuple[str, str] = ("users", "edit")
    """The resource and the level that whoever does it holds at the home of each user, beside what the change itself asks for."""
    statuses: tuple[Status, ...] = ()
    """Whose account stands at one of these; empty: at any."""
    user_types: tuple[str, ...] = ()
    """Whose account is of one of these types; empty: of any."""
    move: str = ""
    """A move of the lifecycle: disable, enable, archive, restore, delete."""
    user_type: str = ""
    """The type that they get at home, instead of theirs; toggles that are not named in `toggles` are switched off."""
    toggles: tuple[str, ...] = ()
    """Toggles that stay on where they are."""
    gives: tuple[str, ...] = ()
    """Roles that they get at home."""
    takes: tuple[str, ...] = ()
    """Roles that they lose, wherever they hold them."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What is set in profile fields, by their keys."""
    page: str = ""
    """The address of a page of the panel that it leads to, for the kind `toolbar`: it then makes no change."""

    @property
    def makes(self) -> tuple[str, ...]:
        """The sorts of things that it does, by the names of their fields; there is to be one."""
        access = bool(self.user_type or self.gives or self.takes)
        found = {"move": bool(self.move), "user_type": access, "values": bool(self.values), "page": bool(self.page)}
        return tuple(name for name, said in found.items() if said)


@dataclass(frozen=True, slots=True)
class PanelFact:
    """One line of a panel: what it is about, what there is to know, and where it leads."""

    label: str
    value: str
    url: str = ""
    """An address of this site; '' for none."""


@dataclass(frozen=True, slots=True)
class UserPanel:
    """A panel beside the form of somebody: a title, and facts."""

    title: str
    facts: tuple[PanelFact, ...]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who looks at a page."""

    id: int
    user_name: str
