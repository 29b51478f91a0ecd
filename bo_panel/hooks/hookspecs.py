"""Every hook there is, with its exact signature; each is used by a plugin in `plugins/`."""

from collections.abc import Iterable

import pluggy

from bo_panel.domain.profile_fields import ProfileField
from bo_panel.hooks.contributions import (
    AccessToggle,
    Batch,
    ChangeEvent,
    ChangeNotice,
    Feature,
    FieldRule,
    Finding,
    Objection,
    Preset,
    Resource,
    Role,
    Slot,
    Tab,
    UnitKind,
    UserType,
)
from bo_panel.hooks.on_users import Action, Asker, Column, ListedUser, UserPanel
from bo_panel.hooks.pages import Command, ModelPage
from bo_panel.hooks.unit_contributions import CacheDomain, UnitSetting

PROJECT = "bo_panel"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Hooks:
    """The hooks: those that declare are called once when the panel starts, the others while it is at work.

    `bo_object` is called before each write, `bo_changed` after it, and `bo_doctor` when somebody asks.
    """

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
    def bo_user_types(self) -> Iterable[UserType]:
        """Return the user types that this plugin adds; where there are any, an account has one of them instead of a role."""
        raise NotImplementedError

    @hookspec
    def bo_access_toggles(self) -> Iterable[AccessToggle]:
        """Return the toggles by which single people get access beside their type."""
        raise NotImplementedError

    @hookspec
    def bo_profile_fields(self) -> Iterable[ProfileField]:
        """Return the fields that this plugin adds to the profile of users."""
        raise NotImplementedError

    @hookspec
    def bo_field_rules(self) -> Iterable[FieldRule]:
        """Return how the fields of places in the form of a user depend on one another."""
        raise NotImplementedError

    @hookspec
    def bo_features(self) -> Iterable[Feature]:
        """Return the features that are switched on and off at units, and that roles can require."""
        raise NotImplementedError

    @hookspec
    def bo_tabs(self) -> Iterable[Tab]:
        """Return the parts that the list of users falls into, the first of which is shown first."""
        raise NotImplementedError

    @hookspec
    def bo_slots(self) -> Iterable[Slot]:
        """Return the templates that this plugin draws at named places of the panel's pages."""
        raise NotImplementedError

    @hookspec
    def bo_cache_domains(self) -> Iterable[CacheDomain]:
        """Return what is worked out of units and kept, until somebody clears it."""
        raise NotImplementedError

    @hookspec
    def bo_unit_settings(self) -> Iterable[UnitSetting]:
        """Return what is set for a unit as a whole, by whoever may change it."""
        raise NotImplementedError

    @hookspec
    def bo_pages(self) -> Iterable[ModelPage]:
        """Return the pages that this plugin has over tables of its own."""
        raise NotImplementedError

    @hookspec
    def bo_commands(self) -> Iterable[Command]:
        """Return the commands that this plugin adds to the command line."""
        raise NotImplementedError

    @hookspec
    def bo_columns(self) -> Iterable[Column]:
        """Return the columns that this plugin adds to the list of users."""
        raise NotImplementedError

    @hookspec
    def bo_actions(self) -> Iterable[Action]:
        """Return what this plugin lets people do to users, and the pages that it lets them go to."""
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

    @hookspec
    def bo_user_panels(self, user: ListedUser, actor: Asker) -> Iterable[UserPanel]:
        """Return what this plugin shows beside the form of somebody; nothing where it has nothing to show.

        Called with every form of a user. An exception leaves a box in its place.
        """
        raise NotImplementedError

    @hookspec
    def bo_doctor(self) -> Iterable[Finding]:
        """Return what is to be known of how this plugin fares: whether what it needs is there, and what to do where it is not.

        Called for `bo doctor` and for the plugin's page. It has a few seconds.
        """
        raise NotImplementedError


DECLARES: dict[str, type] = {
    "bo_unit_kinds": UnitKind,
    "bo_resources": Resource,
    "bo_roles": Role,
    "bo_presets": Preset,
    "bo_user_types": UserType,
    "bo_access_toggles": AccessToggle,
    "bo_profile_fields": ProfileField,
    "bo_field_rules": FieldRule,
    "bo_features": Feature,
    "bo_tabs": Tab,
    "bo_slots": Slot,
    "bo_cache_domains": CacheDomain,
    "bo_unit_settings": UnitSetting,
    "bo_pages": ModelPage,
    "bo_commands": Command,
    "bo_columns": Column,
    "bo_actions": Action,
}
"""The hooks that declare, and what each returns."""

OBJECT, CHANGED, PANELS, DOCTOR = "bo_object", "bo_changed", "bo_user_panels", "bo_doctor"
BEHAVES = (OBJECT, CHANGED, PANELS, DOCTOR)
"""The hooks that are called while the panel is at work."""
EVERY_HOOK = (*DECLARES, *BEHAVES)
LATER: dict[str, str] = {}
"""The version of the plugin API that a hook came with, where that is not the first."""
FIRST = "1.0"


def since(hook: str) -> str:
    """Return the version of the plugin API that a hook came with."""
    return LATER.get(hook, FIRST)
