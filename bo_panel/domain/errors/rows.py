"""What can be said about a single user of a selection."""

from bo_panel.domain.errors.access import HeldApart, HeldBeneath, HomeKept, LastOwner, NotAlone, NotGivenThere, OneType, ToggleApart
from bo_panel.domain.errors.accounts import EmailTaken, Founder, NotAtHome, NotForThem, OwnAccount, Stale, Superior, UserNameTaken, WrongState
from bo_panel.domain.errors.profile import FieldGone, FieldNotHere, FieldTaken
from bo_panel.domain.errors.refusal import Objected, Refusal
from bo_panel.domain.errors.runs import AboveOwnUndo, ChangedSince, RoleGone

ROW_REFUSALS: dict[str, type[Refusal]] = {
    refusal.code: refusal
    for refusal in (
        *(OwnAccount, NotAtHome, Superior, LastOwner, Founder, WrongState, Stale, UserNameTaken, EmailTaken, HomeKept, HeldApart),
        *(NotForThem, NotGivenThere, HeldBeneath, NotAlone, OneType, ToggleApart, FieldTaken, FieldNotHere, FieldGone),
        *(ChangedSince, AboveOwnUndo, RoleGone, Objected),
    )
}
"""What the guard can say about a single row of a selection, by code."""
