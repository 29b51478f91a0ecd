"""The fields of a form, drawn: what comes out alike for many people is kept, what somebody typed, chose or was told is filled in."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from markupsafe import Markup, escape

from bo_panel.web.fields import Field, Section

PLACE = "\0"
"""Stands in a template for what is filled in anew each time."""
SECOND = "\1"
"""Stands for what is filled in besides: the error of a field, the id of what was chosen."""
Frames: TypeAlias = tuple[tuple[Hashable, ...], ...]
"""The parts of a form without what somebody typed, chose or was told."""
Draw: TypeAlias = Callable[..., Markup]


class Part(NamedTuple):
    """What comes before the value of a field, and after it; a field without a value has nothing after it."""

    before: str
    after: str | None
    token: str
    """How one of those that were chosen is drawn."""
    error: tuple[str, str]
    """What comes around an error."""


def frames_of(sections: Sequence[Section]) -> Frames:
    """Return what forms are kept by."""
    return tuple((section.key, section.title, section.help, *(field.frame for field in section.fields)) for section in sections)


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which values, choices and errors are not filled in yet."""

    parts: tuple[Part, ...]
    end: str

    @classmethod
    def of(cls, frames: Frames, draw: Draw) -> "Form":
        """Return the form of these frames; `draw` draws a template and keeps it."""
        parts, so_far = list[Part](), ""
        for key, title, help_, *fields in frames:
            head, _place, tail = str(draw("components/section.html", key=key, title=title, help=help_, place=PLACE)).partition(PLACE)
            so_far += head
            for values in fields:
                part, so_far = _part(Field(*values), so_far, draw)  # type: ignore[misc]
                parts.append(part)
            so_far += tail
        return cls(tuple(parts), so_far)

    def filled(self, sections: Sequence[Section]) -> Markup:
        """Return the form with what these sections say."""
        pieces = list[str]()
        fields = (field for section in sections for field in section.fields)
        for (before, after, token, around), field in zip(self.parts, fields, strict=True):
            pieces.append(before)
            if after is not None:
                pieces += [*(_token(token, *choice) for choice in field.tokens), after] if field.chosen else [escape(field.value), after]
            if field.error:
                pieces += [around[0], escape(field.error), around[1]]
        return Markup("".join([*pieces, self.end]))  # noqa: S704 drawn by templates, or escaped


def _part(field: Field, so_far: str, draw: Draw) -> tuple[Part, str]:
    """Return what is around the value of a field, with what comes before the field, and what comes after all of it."""
    text, _second, rest = str(draw("components/field.html", field=field, place=PLACE, error=SECOND)).partition(SECOND)
    before, place, after = text.partition(PLACE)
    token = str(draw("components/token.html", name=field.name, disabled=field.disabled, label=PLACE, id=SECOND))
    opened, _place, closed = str(draw("components/field_error.html", id=field.id, place=PLACE)).partition(PLACE)
    return Part(so_far + before, after if place else None, token, (opened, closed)), rest


def _token(token: str, chosen_id: str, label: str) -> str:
    """Return one that was chosen; neither label nor id is looked through for places."""
    shown = str(escape(chosen_id))
    return str(escape(label)).join(shown.join(part.split(SECOND)) for part in token.split(PLACE))
