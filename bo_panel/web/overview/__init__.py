"""The first page after signing in."""

from bo_panel.web.overview.view import OverviewView

__all__ = ["OverviewView"]
