"""The states of an account and the moves between them, as one table."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where an account stands; only an active one can sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"
    ARCHIVED = "archived"
    DELETED = "deleted"


GONE = frozenset({Status.ARCHIVED, Status.DELETED})
"""The states of those who have left; whoever is disabled is kept out for now."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step of the lifecycle: from any of `sources` to `to`."""

    key: str
    sources: tuple[Status, ...]
    to: Status
    level: str
    event: str

    @property
    def shuts_out(self) -> bool:
        """Whether somebody who could sign in no longer can."""
        return self.to is not Status.ACTIVE

    @property
    def removes(self) -> bool:
        """Whether it is for good, and not for now."""
        return self.to in GONE


DISABLE = Move("disable", (Status.ACTIVE, Status.INVITED), Status.DISABLED, "edit", "users.disabled")
ENABLE = Move("enable", (Status.DISABLED,), Status.ACTIVE, "edit", "users.enabled")
ARCHIVE = Move("archive", (Status.INVITED, Status.ACTIVE, Status.DISABLED), Status.ARCHIVED, "edit", "users.archived")
RESTORE = Move("restore", (Status.ARCHIVED,), Status.ACTIVE, "edit", "users.restored")
DELETE = Move("delete", (Status.INVITED, Status.ACTIVE, Status.DISABLED, Status.ARCHIVED), Status.DELETED, "delete", "users.deleted")

MOVES = {move.key: move for move in (DISABLE, ENABLE, ARCHIVE, RESTORE, DELETE)}
