"""The page of the roles."""

from bo_panel.web.roles.view import RolesView

__all__ = ["RolesView"]
