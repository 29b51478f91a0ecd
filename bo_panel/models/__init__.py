"""The tables: columns, constraints and relations; rules live in `domain`."""

from bo_panel.models.attempt import Attempt
from bo_panel.models.audit import AuditEvent
from bo_panel.models.base import Base
from bo_panel.models.change_set import ChangeSet, RefusedRow, Undo
from bo_panel.models.chore import Chore
from bo_panel.models.credential import Credential
from bo_panel.models.export import ExportFile, ExportPart
from bo_panel.models.grant import Grant
from bo_panel.models.job import Job
from bo_panel.models.outgoing import Outgoing
from bo_panel.models.role import Role
from bo_panel.models.session import SignInSession
from bo_panel.models.unit import Unit
from bo_panel.models.user import NEVER, User
from bo_panel.models.user_search import UserSearch

__all__ = [
    "NEVER",
    "Attempt",
    "AuditEvent",
    "Base",
    "ChangeSet",
    "Chore",
    "Credential",
    "ExportFile",
    "ExportPart",
    "Grant",
    "Job",
    "Outgoing",
    "RefusedRow",
    "Role",
    "SignInSession",
    "Undo",
    "Unit",
    "User",
    "UserSearch",
]
