"""The page of the plugins, and what they do to other pages."""

from bo_panel.web.plugins.view import PluginsView
from bo_panel.web.slots.adding import add_plugins

__all__ = ["PluginsView", "add_plugins"]
