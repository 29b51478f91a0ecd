"""The fields of a form, as they are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Choice(NamedTuple):
    """An option of a select, or a unit that is chosen; `kinds` are the unit kinds at which a role can be held."""

    value: str = ""
    label: str = ""
    hint: str = ""
    kinds: str = ""
    whole: str = ""
    """The unit kinds of which all can be chosen."""
    chosen: bool = False
    id: str = ""

    @property
    def picked(self) -> "Choice":
        """The same, chosen."""
        return self._replace(chosen=True)


class Field(NamedTuple):
    """One field; what each kind uses is said in templates/components/sections.html."""

    name: str
    label: str
    value: str = ""
    error: str = ""
    chosen: tuple[Choice, ...] = ()
    kind: str = "text"
    hint: str = ""
    required: bool = False
    optional: bool = False
    disabled: bool = False
    autocomplete: str = ""
    maxlength: int | None = None
    options: tuple[Choice, ...] = ()
    depends: str = ""
    options_url: str = ""
    lookup_url: str = ""
    unit_kind: str = ""
    disabled_hint: str = ""
    locked: bool = False
    all_label: str = ""
    all_chosen: bool = False
    inside: str = ""
    inside_roles: str = ""
    inside_hint: str = ""
    closed: bool = False

    @property
    def id(self) -> str:
        """The id of the control."""
        return f"field-{self.name}".replace(":", "-").replace(".", "-")

    @property
    def frame(self) -> "Field":
        """The same without what somebody typed, chose, or was told: what comes out alike for many people."""
        name, label, _value, error, _chosen, *rest = self
        return Field._make((name, label, "", error and "wrong", (), *rest))


class Section(NamedTuple):
    """Some fields under a heading."""

    key: str
    title: str
    help: str
    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the summary of what is wrong with a form."""

    href: str
    text: str
    code: str = ""


class Fact(NamedTuple):
    """Something that is only shown."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class RefusalNotice:
    """A refusal of the whole page."""

    code: str
    message: str
    next_step: str = ""


def problems_of(sections: Sequence[Section], code: str = "") -> list[Problem]:
    """Return the summary of the fields that are wrong, with the code of the refusal."""
    fields = (field for section in sections for field in section.fields if field.error)
    return [Problem(f"#{field.id}", f"{field.label}: {field.error}", code) for field in fields]
