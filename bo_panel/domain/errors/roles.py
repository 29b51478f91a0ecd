"""Refusals about roles that a unit owns, and about policies."""

from bo_panel.domain.errors.refusal import Refusal


class OwnRole(Refusal):
    """Nobody changes his own access, and so no role that he holds."""

    code, status = "role.own", 409
    message = "You hold {role} yourself, so what it gives is not yours to change. Ask another administrator."


class RoleHeldAbove(Refusal):
    """A role is not changed over the head of somebody who may do more."""

    code, status = "role.held_above", 403
    message = "{role} is held by somebody above you. Ask them to change it, or add a role of your own."


class RoleHeld(Refusal):
    """A role that somebody holds is not removed from under him."""

    code, status = "role.held", 409
    message = "{role} is still held: {count}. Give those another role first; the page of the roles leads to them."


class RoleHeldThere(Refusal):
    """A role stays possible where it is held."""

    code, status = "role.held_there", 409
    message = "{role} is held at a {kind}. Take it there first, or let it be held there."


class ForATime(Refusal):
    """A role lasts; what somebody holds for a time does not go into it."""

    code, status = "access.for_a_time", 403
    message = "You hold what {role} would give for a time only, and a role lasts. Ask somebody who holds it for good."


class UnknownLevel(Refusal):
    """A ladder has no such level, or what it belongs to does not exist at this unit."""

    code, status = "role.unknown_level", 422
    message = "{resource} cannot be given as {level} here. Reload the page and choose again."


class StaleRole(Refusal):
    """Somebody else saved the role first."""

    code, status = "role.stale", 409
    message = "Somebody else saved this role while you were editing. Compare with what it gives now, then save again."
