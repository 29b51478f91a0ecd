"""The users: a list of them, and one of them."""

from bo_panel.web.users.exporting import ExportView
from bo_panel.web.users.matching import EverybodyView
from bo_panel.web.users.policy import PolicyView
from bo_panel.web.users.view import UsersView

__all__ = ["EverybodyView", "ExportView", "PolicyView", "UsersView"]
