"""Every hook there is, with its exact signature; each is used by a plugin in `plugins/`."""

from collections.abc import Iterable

import pluggy

from bo_panel.hooks.contributions import Batch, ChangeEvent, ChangeNotice, FieldRule, Objection, Preset, Resource, Role, UnitKind

PROJECT = "bo_panel"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Hooks:
    """The hooks: those that declare are called once when the panel starts, `bo_object` before each write, `bo_changed` after it."""

    @hookspec
    def bo_unit_kinds(self) -> Iterable[UnitKind]:
        """Return the kinds of unit that this plugin adds to the tree."""
        raise NotImplementedError

    @hookspec
    def bo_resources(self) -> Iterable[Resource]:
        """Return the resources that this plugin adds, each with its ladder."""
        raise NotImplementedError

    @hookspec
    def bo_roles(self) -> Iterable[Role]:
        """Return the roles that this plugin adds; they may use the resources of any plugin and of the core."""
        raise NotImplementedError

    @hookspec
    def bo_presets(self) -> Iterable[Preset]:
        """Return the presets that this plugin offers where access is put together by hand."""
        raise NotImplementedError

    @hookspec
    def bo_field_rules(self) -> Iterable[FieldRule]:
        """Return how the fields of places in the form of a user depend on one another."""
        raise NotImplementedError

    @hookspec
    def bo_object(self, change: ChangeNotice, users: Batch) -> Iterable[Objection]:
        """Return why this change must not be done to these users; nothing when there is no objection.

        Called once per batch, after the guard and before the write. It can only refuse. An exception counts as an objection.
        """
        raise NotImplementedError

    @hookspec
    def bo_changed(self, event: ChangeEvent) -> None:
        """Take note of what was done; it is committed, and told again until this returns.

        Called by a worker, soon after. What was told may be told once more after a crash. An exception means: again, later.
        """
        raise NotImplementedError


DECLARES: dict[str, type] = {
    "bo_unit_kinds": UnitKind,
    "bo_resources": Resource,
    "bo_roles": Role,
    "bo_presets": Preset,
    "bo_field_rules": FieldRule,
}
"""The hooks that declare, and what each returns."""

OBJECT, CHANGED = "bo_object", "bo_changed"
EVERY_HOOK = (*DECLARES, OBJECT, CHANGED)
