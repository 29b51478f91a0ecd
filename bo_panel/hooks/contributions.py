"""What plugins hand to the core: small frozen values, checked together when the panel starts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bo_panel.domain.lifecycle import Status
from bo_panel.domain.units import ROOT_KIND

PLACES = ("overview.cards", "users.list.top", "users.form.aside", "records.list.top")
"""Where a plugin may draw something of its own: beneath the figures of the overview, above the list of users, beside the form of one,
above the list of a page over a plugin's table."""


@dataclass(frozen=True, slots=True)
class UnitKind:
    """A kind of unit: what it is called, and below which kinds a unit of it may stand."""

    key: str
    label: str
    plural: str
    parents: tuple[str, ...] = (ROOT_KIND,)
    icon: str = ""
    needs_owner: bool | None = None
    """Whether each unit of this kind keeps an owner who can sign in; None: only the root does."""
    counted: bool = False
    """Whether the details of a user tell how many units of this kind he has access to."""


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that can be touched, and its ladder: levels from the lowest up, each including those before it."""

    key: str
    label: str
    levels: tuple[str, ...]
    unit_kinds: tuple[str, ...] = ()
    """Where it exists; empty: at every kind."""
    group: str = ""
    dangerous: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A level per resource under one name, held by a grant at a unit and beneath it."""

    key: str
    label: str
    levels: Mapping[str, str]
    unit_kinds: tuple[str, ...] = ()
    """Where it can be held; empty: anywhere."""
    owner: bool = False
    """Whether it is that of an owner: the top of every ladder, those of plugins installed later included."""
    description: str = ""
    exclusive: bool = False
    """Whether whoever holds it holds no other role that gives anything."""
    requires_feature: str = ""
    """The feature without which it is not given; '' for none."""
    replaces: str = ""
    """The key of another plugin's role, of which this stands in the place, under that key; '' for none."""

    def fits(self, kind: str) -> bool:
        """Return whether it can be held at units of this kind."""
        return not self.unit_kinds or kind in self.unit_kinds


@dataclass(frozen=True, slots=True)
class Preset:
    """Levels to start from when somebody's access at a unit of one kind is put together by hand."""

    key: str
    label: str
    levels: Mapping[str, str]
    unit_kind: str
    replaces: str = ""
    """The key of another plugin's preset, of which this stands in the place, under that key; '' for none."""


@dataclass(frozen=True, slots=True)
class UserType:
    """What an account is, in one word: the roles that it brings at home, and the toggles that are on for a new one."""

    key: str
    label: str
    roles: tuple[str, ...]
    toggles: tuple[str, ...] = ()
    """What is ticked for a new account of this type, so far as whoever makes it may give it."""
    description: str = ""
    warning: str = ""
    """What is asked before somebody of this type becomes one of a type that gives more; '' for nothing."""
    replaces: str = ""
    """The key of another plugin's type, of which this stands in the place, under that key; '' for none."""


@dataclass(frozen=True, slots=True)
class AccessToggle:
    """Access that is given to single people, by a tick: what it adds at home and beneath to what their type gives."""

    key: str
    label: str
    levels: Mapping[str, str]
    user_types: tuple[str, ...] = ()
    """The types that it goes with; empty: every type."""
    description: str = ""
    confirm: str = ""
    """What is asked before it is switched on or off; '' for nothing."""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How the fields of two kinds of places depend on one another: places of one kind are chosen inside a single place of the other.

    Said once, and kept by every door: it holds for all the places where somebody holds a role in the end. The larger place
    itself stands for all that is in it, now and later.
    """

    key: str
    unit_kind: str
    """The kind whose field the rule is about; its units stand below those of `inside`, and nowhere else."""
    inside: str
    """The kind of the place that they are chosen in: of exactly one, or else only whole ones are chosen."""
    reason: str
    """What people are told: why the field is closed, and what to choose instead."""
    roles: tuple[str, ...] = ()
    """The roles that it holds for; empty: every role."""
    required: bool = False
    """Whether at least one is to be chosen, or all of them, when there is a choice."""

    def governs(self, role: str) -> bool:
        """Return whether the rule holds for this role."""
        return not self.roles or role in self.roles


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that a unit, and everything beneath it, has or has not: what a customer has subscribed to."""

    key: str
    label: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of the list of users by itself: those whose account stands at one of some places of the lifecycle."""

    key: str
    label: str
    statuses: tuple[Status, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A template of a plugin's own, drawn at a named place of a page."""

    key: str
    place: str
    """One of `PLACES`."""
    template: str
    """Its name beneath the plugin's `templates` folder: `<plugin>/…`."""
    needs: tuple[str, str] | None = None
    """The resource and the level that somebody must hold somewhere to see it; None: everybody who sees the page."""
    shows: str = ""
    """The cache domain of which the template is given what is kept of a unit; '' for none."""


@dataclass(frozen=True, slots=True)
class UserSnapshot:
    """What a plugin is told of one user; a copy that nothing happens to."""

    id: int
    user_name: str
    email: str | None
    home_id: int
    status: Status
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Batch:
    """The users that one change is about to touch."""

    users: tuple[UserSnapshot, ...] = ()

    def __iter__(self) -> Iterator[UserSnapshot]:
        """Yield the users in order."""
        return iter(self.users)

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.users)


@dataclass(frozen=True, slots=True)
class ChangeNotice:
    """What is about to be done: the key of the change (`users.disable`) and what was asked for, without secrets.

    An undo has the keys of all that it amounts to, joined by `+`.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def is_(self, *keys: str) -> bool:
        """Return whether this is one of these changes."""
        return not set(self.key.split("+")).isdisjoint(keys)


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a change must not be done: a sentence that says what to do instead."""

    reason: str
    users: Sequence[UserSnapshot] | Batch | None = None
    """Whom it is about; None: everybody in the batch."""

    @property
    def ids(self) -> frozenset[int] | None:
        """The ids of those it is about; None: everybody in the batch."""
        return None if self.users is None else frozenset(user.id for user in self.users)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit log: what became of one thing, before and after."""

    id: int
    """Its number in the audit log. Whoever is told the same twice knows it by this."""
    user_id: int | None
    user_name: str | None
    """What the user is called now."""
    unit_id: int
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEvent:
    """What was done, and stands: one kind of event, to some hundreds at most, in the order of the audit log."""

    key: str
    """What happened, such as `users.disabled`."""
    at: datetime
    actor_id: int | None
    """Who did it; None: somebody on the command line."""
    actor_name: str
    change_set_id: int
    """The run that it belongs to; a large one is told in several events."""
    reason: str
    entries: tuple[Entry, ...]

    @property
    def id(self) -> str:
        """The numbers of its first and its last line."""
        return f"{self.entries[0].id}-{self.entries[-1].id}"

    def is_(self, *keys: str) -> bool:
        """Return whether this is one of these events."""
        return self.key in keys


class Level(StrEnum):
    """How bad something is that was found."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a plugin found when it looked at itself, and what to do about it."""

    level: Level
    text: str
