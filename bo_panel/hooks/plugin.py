"""What a plugin is: a class with a name, a version, a configuration and hooks."""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

ANY_PREFIX = "p_"
"""What the name of every table of any plugin starts with."""
API_VERSION = "1.0"
"""The version of the plugin contract; a plugin names the range that it works with."""


@dataclass(frozen=True, slots=True)
class PluginMeta:
    """Who a plugin is: its name, its own version, and the range of the plugin API that it works with (`>=1.0,<2`)."""

    name: str
    version: str
    api: str
    requires: tuple[str, ...] = ()
    critical: bool = False
    description: str = ""
    per_unit: bool = False
    """Whether it can be switched off for a unit and everything beneath: its roles are then not offered there, and it is not asked."""


class PluginConfig(BaseModel):
    """A plugin's own settings: frozen, closed, and silent about their values when one is wrong."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Plugin:
    """The base of every plugin; `self.config` is the checked, frozen instance of its `Config`."""

    meta: ClassVar[PluginMeta]
    Config: ClassVar[type[PluginConfig]] = PluginConfig
    config: PluginConfig

    def __init__(self, config: PluginConfig) -> None:
        """Take the checked configuration."""
        self.config = config

    def __repr__(self) -> str:
        """Return the plugin's name; never its configuration."""
        return f"<plugin {self.meta.name}>"


def table_prefix(plugin_name: str) -> str:
    """Return what the name of every table of this plugin starts with."""
    return f"{ANY_PREFIX}{plugin_name}_"
