"""What the core itself declares, in the same words as a plugin."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from bo_panel.domain.access import MEMBER, OWNER
from bo_panel.domain.units import ROOT_KIND
from bo_panel.hooks.contributions import Resource, Role, UnitKind
from bo_panel.settings import Settings

CORE = "bo_panel"
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What one plugin, or the core, declares."""

    plugin: str
    items: Mapping[type, tuple[Any, ...]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    """The keys of what it declares in a wrong form."""
    unsure: frozenset[type] = frozenset()
    """The kinds of which it declares what has no key, or failed while it did."""

    def of(self, kind: type[Item]) -> tuple[Item, ...]:
        """Return what it declares of one kind of contribution."""
        return self.items.get(kind, ())

    def owns(self, key: str) -> bool:
        """Return whether a key is one that it may declare something under."""
        return self.plugin == CORE or key.startswith(f"{self.plugin}.")


def all_of(everything: Iterable[Declared], kind: type[Item]) -> list[Item]:
    """Return what the core and all plugins declare of one kind, the core's first."""
    return [item for part in everything for item in part.of(kind)]


def of_their_owners(everything: Iterable[Declared]) -> list[Declared]:
    """Return what is declared without that whose key is another one's, which counts for nothing but itself."""
    return [replace(part, items={kind: _owned(part, items) for kind, items in part.items.items()}) for part in everything]


def _owned(part: Declared, items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(item for item in items if part.owns(item.key))


def unsure_of(everything: Iterable[Declared]) -> frozenset[tuple[str, type]]:
    """Return the plugins that declare something of a kind of which not even the key is known, each with the kind."""
    return frozenset((part.plugin, kind) for part in everything for kind in part.unsure)


def of_the_core(settings: Settings) -> Declared:
    """Return the root, the resources of the panel's own pages, and the two roles that every deployment has."""
    root = settings.words.root
    kinds = (UnitKind(ROOT_KIND, root, root, parents=(), icon="globe", needs_owner=True),)
    resources = (
        Resource("users", "Users", ("view", "edit", "create", "delete"), group="Administration", dangerous=True),
        Resource("units", "Units", ("view", "edit", "create", "delete"), group="Administration", dangerous=True),
        Resource("roles", "Roles", ("view", "edit"), group="Administration", dangerous=True),
        Resource("audit", "Audit trail", ("view",), group="Administration"),
        Resource("plugins", "Plugins", ("view", "edit"), group="Administration"),
        Resource("profile_fields", "Profile fields", ("view", "edit"), group="Administration"),
    )
    roles = (
        Role(OWNER, "Owner", {}, owner=True, description="May do everything here and below."),
        Role(MEMBER, "Member", {}, description="Is at home here, and may do nothing by that alone."),
    )
    return Declared(plugin=CORE, items={UnitKind: kinds, Resource: resources, Role: roles})
