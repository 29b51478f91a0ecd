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


class OffAbove(Refusal):
    """A plugin that is off above is off beneath."""

    code, status = "plugin.off_above", 409
    message = "{plugin} is switched off above this place. It has to be switched on there."


class SwitchedOff(Refusal):
    """The role belongs to a plugin that is off at this unit."""

    code, status = "role.switched_off", 422
    message = "{role} is not offered at {unit}: its plugin is switched off there. Choose another role."


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


class FeatureOff(Refusal):
    """Some roles are given only where a feature is on."""

    code, status, about = "role.feature_off", 409, "role"
    message = "{role} needs {feature}, which is off at {unit}. Have it switched on there, or choose another role."


class NotAlone(Refusal):
    """Some roles are held alone."""

    code, status, about = "role.not_alone", 409, "role"
    message = "One of these roles is held alone: whoever has it has no other. Leave it out, or take the others."


class OneType(Refusal):
    """An account has one type."""

    code, status, about = "access.one_type", 409, "role"
    message = "An account has one type. Open it and change the type there, or take the old one first."


class ToggleApart(Refusal):
    """A toggle goes with some types only."""

    code, status, about = "access.toggle_apart", 409, "toggles"
    message = "This access does not go with that type. Switch it off, or choose another type."


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


class StaleUnit(Refusal):
    """Somebody else saved the unit first."""

    code, status = "unit.stale", 409
    message = "Somebody else saved this account while you were editing. Compare with what they saved, then save again."


class NotGivenThere(Refusal):
    """What an action gives does not fit the home of an account, or is more than the actor holds there."""

    code, status = "access.not_given_there", 403
    message = "This access cannot be given at the account's home: it is not there, or it is more than you hold. Ask somebody who holds it."


class HeldBeneath(Refusal):
    """What an action takes is held beneath the home of an account, and what it gives for that would hold at the home as a whole."""

    code, status = "access.held_beneath", 409
    message = "This account holds its access at a part of its home, and would get the new one for all of it. Open it and change its access there."
