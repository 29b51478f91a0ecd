"""The tables: columns, constraints and relations; rules live in `domain`."""

from bo_panel.models.attempt import Attempt
from bo_panel.models.audit import AuditEvent
from bo_panel.models.base import Base
from bo_panel.models.cache_version import CONFIGURATION, CacheVersion
from bo_panel.models.change_set import ChangeSet, RefusedRow, Undo
from bo_panel.models.chore import Chore
from bo_panel.models.credential import Credential
from bo_panel.models.export import ExportFile, ExportPart
from bo_panel.models.grant import Grant
from bo_panel.models.job import Job
from bo_panel.models.outgoing import Outgoing
from bo_panel.models.plugin_error import PluginFailure
from bo_panel.models.plugin_switch import PluginSwitch
from bo_panel.models.profile_field import OwnField, ProfileImage, ProfileValue
from bo_panel.models.role import Role
from bo_panel.models.session import SignInSession
from bo_panel.models.unit import Unit
from bo_panel.models.unit_cache_version import UnitCacheVersion
from bo_panel.models.unit_feature import UnitFeature
from bo_panel.models.user import NEVER, User
from bo_panel.models.user_search import UserSearch

__all__ = [
    "CONFIGURATION",
    "NEVER",
    "Attempt",
    "AuditEvent",
    "Base",
    "CacheVersion",
    "ChangeSet",
    "Chore",
    "Credential",
    "ExportFile",
    "ExportPart",
    "Grant",
    "Job",
    "Outgoing",
    "OwnField",
    "PluginFailure",
    "PluginSwitch",
    "ProfileImage",
    "ProfileValue",
    "RefusedRow",
    "Role",
    "SignInSession",
    "Undo",
    "Unit",
    "UnitCacheVersion",
    "UnitFeature",
    "User",
    "UserSearch",
]
