"""Refusals about accounts."""

from bo_panel.domain.errors.refusal import Refusal


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


class Founder(Refusal):
    """Whoever signed a unit up stays, as long as the account has the e-mail address of that day and is an owner."""

    code, status = "user.founder", 409
    message = "This account signed up the place that it belongs to, and has the same e-mail address still. Change the address first, then try again."


class WrongState(Refusal):
    """The account is in a state from which this move does not exist."""

    code, status = "user.wrong_state", 409
    message = "This account's status does not allow it. Reload the list and look again."


class NotForThem(Refusal):
    """An action is offered for accounts of another type, or at another place of the lifecycle."""

    code, status = "user.not_for_them", 409
    message = "This is not offered for such an account. Reload the list and look again."


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
    message = "No two accounts share this. Edit one account at a time."


class TooManyTries(Refusal):
    """A password was wrong too often."""

    code, status = "password.too_many_tries", 429
    message = "The password was wrong too often. Wait {minutes} minutes, then try again."
