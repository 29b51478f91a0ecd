"""A refusal, and those that anything can meet with."""

from collections.abc import Iterator
from contextlib import contextmanager
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
        self.beside: tuple[Refusal, ...] = ()
        """What was refused with it, of other fields of the same form."""

    @property
    def all(self) -> "tuple[Refusal, ...]":
        """All that was refused together, itself first."""
        return (self, *self.beside)


class Together:
    """Notes what is refused of the fields of a form one by one, so that all of it can be told at once."""

    def __init__(self, *refusals: Refusal) -> None:
        """Begin with what was refused already."""
        self.refusals = list(refusals)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what is refused of a field meanwhile; what is refused of the whole is raised."""
        try:
            yield
        except Refusal as refusal:
            if not refusal.field:
                raise
            self.refusals += refusal.all

    def check(self) -> None:
        """Raise the first thing that was noted, with the rest beside it."""
        if self.refusals:
            first, *rest = self.refusals
            first.beside = tuple(rest)
            raise first


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
