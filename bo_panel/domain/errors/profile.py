"""What can be wrong with a profile field."""

from bo_panel.domain.errors.refusal import Refusal


class FieldTaken(Refusal):
    """Some profile fields tell users apart."""

    code, status = "field.taken", 409
    message = "Somebody else has this already. Enter another."


class FieldNotHere(Refusal):
    """A profile field belongs to some homes only, and may ask for a level."""

    code, status = "field.not_here", 403
    message = "A field of this form is not yours to change for this account. Ask somebody who administers its home."


class FieldGone(Refusal):
    """A field that a run set was removed since, or purged: nobody can be asked whether it is his to change."""

    code, status = "undo.field_gone", 409
    message = "A field that was set then is not there any more. Have it brought back first, or change the other fields by hand."


class FieldNeeded(Refusal):
    """States are those of a country."""

    code, status = "field.needed", 409
    message = "{label} at {unit} depends on this field. Remove that one first."


class CountryGone(Refusal):
    """A state without its country is never filled in."""

    code, status = "field.country_gone", 409
    message = "{label} depends on a field of the type Country that is not in this form any more. Bring that one back first."


class FieldChanged(Refusal):
    """Somebody else saved first."""

    code, status = "field.changed", 409
    message = "Somebody else changed this field while you were editing. Look at it again, then change it."


class TooManyFields(Refusal):
    """A unit owns so many fields."""

    code, status = "field.too_many", 422
    message = "There are {limit} fields already, removed ones included. Purge one that is not needed, then add another."
