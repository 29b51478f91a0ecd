"""The page of what was done in one go."""

from bo_panel.web.changes.view import ChangesView

__all__ = ["ChangesView"]
