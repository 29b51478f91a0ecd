"""Everything that a plugin may import."""

from bo_panel.domain.errors import RecordsRefused
from bo_panel.domain.identifiers import key as name_key
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.profile_fields import FieldType, ProfileField
from bo_panel.domain.units import ROOT_KIND
from bo_panel.hooks.contributions import (
    AccessToggle,
    Batch,
    ChangeEvent,
    ChangeNotice,
    Entry,
    Feature,
    FieldRule,
    Finding,
    Level,
    Objection,
    Preset,
    Resource,
    Role,
    Slot,
    Tab,
    UnitKind,
    UserSnapshot,
    UserType,
)
from bo_panel.hooks.hookspecs import hookimpl
from bo_panel.hooks.on_users import Action, Asker, Column, Held, Listed, ListedUser, PanelFact, UserPanel
from bo_panel.hooks.pages import Command, ModelPage, PersonField
from bo_panel.hooks.plugin import API_VERSION, Plugin, PluginConfig, PluginMeta
from bo_panel.hooks.unit_contributions import CacheDomain, UnitSetting, UnitSnapshot
from bo_panel.queries.holders import Holders
from bo_panel.queries.plugin_columns import Asking
from bo_panel.sdk.commands import Desk
from bo_panel.sdk.counting import role_holders
from bo_panel.sdk.tables import RecordColumns, plugin_base, unit_reference, user_reference
from bo_panel.settings.suggestion import did_you_mean

__all__ = [
    "API_VERSION",
    "ROOT_KIND",
    "AccessToggle",
    "Action",
    "Asker",
    "Asking",
    "Batch",
    "CacheDomain",
    "ChangeEvent",
    "ChangeNotice",
    "Column",
    "Command",
    "Desk",
    "Entry",
    "Feature",
    "FieldRule",
    "FieldType",
    "Finding",
    "Held",
    "Holders",
    "Level",
    "Listed",
    "ListedUser",
    "ModelPage",
    "Objection",
    "PanelFact",
    "PersonField",
    "Plugin",
    "PluginConfig",
    "PluginMeta",
    "Preset",
    "ProfileField",
    "RecordColumns",
    "RecordsRefused",
    "Resource",
    "Role",
    "Slot",
    "Status",
    "Tab",
    "UnitKind",
    "UnitSetting",
    "UnitSnapshot",
    "UserPanel",
    "UserSnapshot",
    "UserType",
    "did_you_mean",
    "hookimpl",
    "name_key",
    "plugin_base",
    "role_holders",
    "unit_reference",
    "user_reference",
]
