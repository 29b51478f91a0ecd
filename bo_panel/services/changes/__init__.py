"""What can be done to users and units; each change reads as the sentence it performs."""

from bo_panel.services.changes.access import GiveRole, TakeRole
from bo_panel.services.changes.create import CreateUser, Start
from bo_panel.services.changes.export import ExportUsers
from bo_panel.services.changes.jobs import CancelJob
from bo_panel.services.changes.password import ChangePassword
from bo_panel.services.changes.profile import EditUsers
from bo_panel.services.changes.status import MoveUsers
from bo_panel.services.changes.units import CreateUnit, MoveUnit, RenameUnit

__all__ = [
    "CancelJob",
    "ChangePassword",
    "CreateUnit",
    "CreateUser",
    "EditUsers",
    "ExportUsers",
    "GiveRole",
    "MoveUnit",
    "MoveUsers",
    "RenameUnit",
    "Start",
    "TakeRole",
]
