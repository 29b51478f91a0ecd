"""A refusal, and those that anything can meet with."""

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


class Objected(Refusal):
    """A plugin objected."""

    code, status = "plugin.objected", 409
    message = "{reason}"
