"""What can be said about a single user of a selection."""

from bo_panel.domain.errors.access import HeldApart, HomeKept, LastOwner
from bo_panel.domain.errors.accounts import EmailTaken, NotAtHome, OwnAccount, Stale, Superior, UserNameTaken, WrongState
from bo_panel.domain.errors.refusal import Objected, Refusal
from bo_panel.domain.errors.runs import AboveOwnUndo, ChangedSince, RoleGone

ROW_REFUSALS: dict[str, type[Refusal]] = {
    refusal.code: refusal
    for refusal in (
        *(OwnAccount, NotAtHome, Superior, LastOwner, WrongState, Stale, UserNameTaken, EmailTaken, HomeKept, HeldApart),
        *(ChangedSince, AboveOwnUndo, RoleGone, Objected),
    )
}
"""What the guard can say about a single row of a selection, by code."""
