"""The users: a list of them, and one of them."""

from bo_panel.web.users.view import UsersView

__all__ = ["UsersView"]
