"""The theme handed to Flask-Admin."""

from dataclasses import dataclass

from flask_admin.theme import Theme


@dataclass
class PanelTheme(Theme):
    """Draws every page with the panel's own templates.

    Flask-Admin has no folder of this name, so that none of its Bootstrap templates can be picked up by accident: a template
    that is missing fails loudly.
    """

    folder: str = "bo_panel"
    base_template: str = "layout/base.html"
