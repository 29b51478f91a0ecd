"""Everything that a plugin may import."""

from bo_panel.domain.identifiers import key as name_key
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.units import ROOT_KIND
from bo_panel.hooks.contributions import (
    Batch,
    ChangeEvent,
    ChangeNotice,
    Entry,
    FieldRule,
    Objection,
    Preset,
    Resource,
    Role,
    UnitKind,
    UserSnapshot,
)
from bo_panel.hooks.hookspecs import hookimpl
from bo_panel.hooks.plugin import API_VERSION, Plugin, PluginConfig, PluginMeta
from bo_panel.sdk.tables import plugin_base

__all__ = [
    "API_VERSION",
    "ROOT_KIND",
    "Batch",
    "ChangeEvent",
    "ChangeNotice",
    "Entry",
    "FieldRule",
    "Objection",
    "Plugin",
    "PluginConfig",
    "PluginMeta",
    "Preset",
    "Resource",
    "Role",
    "Status",
    "UnitKind",
    "UserSnapshot",
    "hookimpl",
    "name_key",
    "plugin_base",
]
