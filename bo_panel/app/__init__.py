"""The Flask application: a panel behind its web door."""

from bo_panel.app.factory import create_app

__all__ = ["create_app"]
