"""What somebody may do somewhere, explained."""

from bo_panel.web.access.view import AccessView

__all__ = ["AccessView"]
