"""What can be done to users and units; each change reads as the sentence it performs."""

from bo_panel.services.changes.access import GiveRole, TakeRole
from bo_panel.services.changes.acting import change_named
from bo_panel.services.changes.caches import ClearCache
from bo_panel.services.changes.create import CreateUser, Start
from bo_panel.services.changes.export import ExportUsers
from bo_panel.services.changes.features import SwitchFeature
from bo_panel.services.changes.jobs import CancelJob
from bo_panel.services.changes.password import ChangePassword
from bo_panel.services.changes.pictures import SetPicture
from bo_panel.services.changes.plugins import SwitchPlugin
from bo_panel.services.changes.policy import GivePolicy, left_in, policy_changes, policy_of
from bo_panel.services.changes.profile import EditUsers
from bo_panel.services.changes.profile_fields import (
    AddProfileField,
    BringBackProfileField,
    EditProfileField,
    MoveProfileField,
    PurgeProfileField,
    RemoveProfileField,
)
from bo_panel.services.changes.records import AddRecords, DeleteRecord, EditRecord, ExportRecords
from bo_panel.services.changes.roles import CreateRole, EditRole, RemoveRole
from bo_panel.services.changes.status import MoveUsers
from bo_panel.services.changes.unit_settings import EditUnitSettings
from bo_panel.services.changes.units import CreateUnit, MoveUnit, RenameUnit

__all__ = [
    "AddProfileField",
    "AddRecords",
    "BringBackProfileField",
    "CancelJob",
    "ChangePassword",
    "ClearCache",
    "CreateRole",
    "CreateUnit",
    "CreateUser",
    "DeleteRecord",
    "EditProfileField",
    "EditRecord",
    "EditRole",
    "EditUnitSettings",
    "EditUsers",
    "ExportRecords",
    "ExportUsers",
    "GivePolicy",
    "GiveRole",
    "MoveProfileField",
    "MoveUnit",
    "MoveUsers",
    "PurgeProfileField",
    "RemoveProfileField",
    "RemoveRole",
    "RenameUnit",
    "SetPicture",
    "Start",
    "SwitchFeature",
    "SwitchPlugin",
    "TakeRole",
    "change_named",
    "left_in",
    "policy_changes",
    "policy_of",
]
