"""Refusals: a stable code, a status for the doors, and a sentence that says what to do next."""

from typing import ClassVar


class Refusal(Exception):
    """Something that a person asked for and may not or cannot have; nothing was written."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    message: ClassVar[str] = "This was refused."
    about: ClassVar[str] = ""

    def __init__(self, field: str = "", **values: object) -> None:
        """Take the words for the sentence, and the form field that it is about, if it is about one."""
        super().__init__(self.message.format_map(_Named(values)))
        self.field = field or self.about
        self.values = values


class _Named(dict[str, object]):
    """Words for a sentence; one that is missing reads as 'this'."""

    def __missing__(self, _name: str) -> str:
        return "this"


class NotFound(Refusal):
    """It does not exist, or not for this person; the two are never told apart."""

    code, status = "not_found", 404
    message = "There is nothing here. It may have been removed, or it is not yours to see."


class NotAllowed(Refusal):
    """The actor holds too low a level."""

    code, status = "access.denied", 403
    message = "You may not do this here. Ask somebody who administers {where}."


class AboveOwnAccess(Refusal):
    """Nobody gives more than he has."""

    code, status = "access.ceiling", 403
    message = "{role} gives more than you hold at {unit}. Choose a lower role, or ask somebody above you."


class RoleDoesNotFit(Refusal):
    """A role can be held only at the unit kinds it is made for."""

    code, status = "role.does_not_fit", 422
    message = "{role} cannot be held at {unit}. Choose another role or another place."


class UnknownRole(Refusal):
    """The role does not exist, or not at this unit."""

    code, status = "role.unknown", 422
    message = "That role does not exist here. Choose one from the list."


class UnknownUnit(Refusal):
    """The unit does not exist, or not for this person."""

    code, status = "unit.unknown", 422
    message = "That place does not exist here. Choose one from the list."


class NoPlace(Refusal):
    """A role has to be held somewhere."""

    code, status = "access.no_place", 422
    message = "Choose at least one place where {role} holds."


class OwnAccount(Refusal):
    """Nobody changes his own access or status."""

    code, status = "user.own_account", 409
    message = "This is your own account. Ask another administrator to do this."


class NotAtHome(Refusal):
    """An account is changed only by those who administer its home."""

    code, status = "user.not_at_home", 403
    message = "This account is at home elsewhere. Ask an administrator of its home."


class Superior(Refusal):
    """Nobody acts on an account that may do more than he may."""

    code, status = "user.superior", 403
    message = "This account holds more access than you do. Ask somebody above you."


class LastOwner(Refusal):
    """Every unit that needs an owner keeps at least one who can sign in."""

    code, status = "unit.last_owner", 409
    message = "This is the last owner who can sign in. Appoint another owner first, then try again."


class WrongState(Refusal):
    """The account is in a state from which this move does not exist."""

    code, status = "user.wrong_state", 409
    message = "This account's status does not allow it. Reload the list and look again."


class Stale(Refusal):
    """Somebody else saved first."""

    code, status = "user.stale", 409
    message = "Somebody else saved this account while you were editing. Compare, then save again."


class UserNameTaken(Refusal):
    """User names are unique, however they are spelled."""

    code, status, about = "user.user_name_taken", 409, "user_name"
    message = "This user name is already taken. Choose another."


class EmailTaken(Refusal):
    """E-mail addresses are unique, however they are spelled."""

    code, status, about = "user.email_taken", 409, "email"
    message = "This e-mail address is already taken. Choose another."


class OneAtATime(Refusal):
    """What somebody signs in with cannot be the same for several."""

    code, status = "user.one_at_a_time", 422
    message = "No two accounts share a user name or an e-mail address. Edit one account at a time."


class HomeKept(Refusal):
    """Everybody stays a member of his home."""

    code, status = "access.home_kept", 409
    message = "Everybody stays a member of the place the account belongs to. Take another role instead."


class Busy(Refusal):
    """Others are writing the same things at this moment."""

    code, status = "busy", 503
    message = "Somebody else is changing the same accounts right now. Try again in a moment."


class Invalid(Refusal):
    """A value has the wrong form."""

    code, status = "value.invalid", 422
    message = "{reason}"


class UnknownField(Refusal):
    """A field was sent that this form does not have."""

    code, status = "field.unknown", 422
    message = "{name} cannot be set here. Reload the page and try again."


class WrongKind(Refusal):
    """A unit stands only below the kinds that its own kind names."""

    code, status = "unit.wrong_kind", 422
    message = "A {kind} cannot stand below {parent}. Choose another place."


class IntoItself(Refusal):
    """A unit cannot be moved beneath itself."""

    code, status = "unit.into_itself", 409
    message = "{unit} cannot be moved into itself. Choose a place outside it."


class Objected(Refusal):
    """A plugin objected."""

    code, status = "plugin.objected", 409
    message = "{reason}"


class TooManyTries(Refusal):
    """A password was wrong too often."""

    code, status = "password.too_many_tries", 429
    message = "The password was wrong too often. Wait {minutes} minutes, then try again."


class NothingSelected(Refusal):
    """An action needs somebody to act on."""

    code, status = "selection.empty", 422
    message = "Nobody is selected. Select at least one row, then choose the action again."


class TooMany(Refusal):
    """A list of ids is bounded."""

    code, status = "selection.too_many", 422
    message = "{count} are selected, and at most {limit} can be changed at once. Narrow the selection."


class SelectionChanged(Refusal):
    """What matched when somebody looked no longer does."""

    code, status = "selection.changed", 409
    message = "{before} matched when you looked, and {now} match now. Look at the list again, then repeat it."


class ChangedSince(Refusal):
    """What is to be taken back is no longer as it was left."""

    code, status = "undo.changed_since", 409
    message = "This account was changed again since. Look at its history, and change it by hand."


class AlreadyUndone(Refusal):
    """Nothing is taken back twice."""

    code, status = "undo.already", 409
    message = "This was undone already, by {who}. Nothing is left to take back."


class NotUndoable(Refusal):
    """Some things cannot be taken back."""

    code, status = "undo.impossible", 422
    message = "This cannot be undone as a whole. Look at what was changed, and change it by hand."


class JobOver(Refusal):
    """What has ended cannot be cancelled."""

    code, status = "job.over", 409
    message = "This job has ended already. What it did can be undone."


class AlreadyCancelled(Refusal):
    """A job is cancelled once."""

    code, status = "job.cancelled", 409
    message = "This job is being cancelled already. It stops after the users that it has in hand."


class UnknownFormat(Refusal):
    """A table is written in one of a few ways."""

    code, status = "export.unknown_format", 422
    message = "This cannot be written in that format. Choose one of {formats}."


class UnknownColumn(Refusal):
    """A table has the columns that there are."""

    code, status = "export.unknown_column", 422
    message = "{name} is no column. Choose among {columns}."


class TooManyColumns(Refusal):
    """A column is shown once."""

    code, status = "export.too_many_columns", 422
    message = "{count} columns are asked for, and there are {limit}. Name each one once."


class ExportGone(Refusal):
    """What was exported is kept for some days, and for as long as who asked for it may see all of it."""

    code, status = "export.gone", 404
    message = "This file is no longer kept, or you may no longer see all that is in it. Export the list again."


ROW_REFUSALS: dict[str, type[Refusal]] = {
    refusal.code: refusal
    for refusal in (OwnAccount, NotAtHome, Superior, LastOwner, WrongState, Stale, UserNameTaken, EmailTaken, HomeKept, ChangedSince, Objected)
}
"""What the guard can say about a single row of a selection, by code."""
