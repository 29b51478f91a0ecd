"""Refusals about roles, and about the places where they are held."""

from bo_panel.domain.errors.refusal import Refusal


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


class PlacesApart(Refusal):
    """A deployment says which places of one role go together; the sentence is its own."""

    code, status = "access.places_apart", 422
    message = "{reason}"


class HeldApart(Refusal):
    """Nor do they go together with places where the role is held already."""

    code, status, about = "access.held_apart", 409, "units"
    message = "This role is held at another place that does not go with these. Take it there first, or give it at a larger place as a whole."


class HomeKept(Refusal):
    """Everybody stays a member of his home."""

    code, status = "access.home_kept", 409
    message = "Everybody stays a member of the place the account belongs to. Take another role instead."


class LastOwner(Refusal):
    """Every unit that needs an owner keeps at least one who can sign in."""

    code, status = "unit.last_owner", 409
    message = "This is the last owner who can sign in. Appoint another owner first, then try again."


class WrongKind(Refusal):
    """A unit stands only below the kinds that its own kind names."""

    code, status = "unit.wrong_kind", 422
    message = "A {kind} cannot stand below {parent}. Choose another place."


class IntoItself(Refusal):
    """A unit cannot be moved beneath itself."""

    code, status = "unit.into_itself", 409
    message = "{unit} cannot be moved into itself. Choose a place outside it."
