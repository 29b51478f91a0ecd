"""The face of the panel: theme, style sheet, scripts, icons."""

from bo_panel.web.theme.assets import Assets
from bo_panel.web.theme.drawn import add_drawn
from bo_panel.web.theme.routes import register_assets
from bo_panel.web.theme.theme import PanelTheme

__all__ = ["Assets", "PanelTheme", "add_drawn", "register_assets"]
