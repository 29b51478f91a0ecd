"""The fields of a form, as they are drawn."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bo_panel.domain.errors import Refusal


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
    locked: bool = False
    """Whether it is not the reader's to change."""
    alone: bool = False
    """Whether nothing else can be chosen beside it."""
    toggles: str = ""
    """What is ticked when this is chosen for somebody new."""

    @property
    def picked(self) -> "Choice":
        """The same, chosen."""
        return self._replace(chosen=True)

    def ticked(self, *, chosen: bool, locked: bool) -> "Choice":
        """The same as a check box: ticked or not, and perhaps not the reader's to change."""
        return self._replace(chosen=chosen, locked=locked)


class Field(NamedTuple):
    """One field; what each kind uses is said in templates/components/section.html."""

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

    def shared(self, unchanged: str) -> "Field":
        """The same in a form for several users: it asks for nothing, and what is chosen begins with leaving it as it is."""
        options = (Choice(label=unchanged), *self.options[1:]) if self.kind == "select" else self.options
        return self._replace(options=options, required=False, optional=True)

    @property
    def frame(self) -> tuple[Hashable, ...]:
        """The same without what somebody typed, chose, or was told: what comes out alike for many people."""
        return (self[0], self[1], "", self[3] and "wrong", (), *self[5:])

    @property
    def tokens(self) -> Sequence[tuple[str, str]]:
        """The id and the label of each unit that is chosen."""
        return [(choice.id, choice.label) for choice in self.chosen]


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
    copy: str = ""
    """What the button says that copies the value; '' for no button."""


@dataclass(frozen=True, slots=True)
class RefusalNotice:
    """A refusal of the whole page."""

    code: str
    message: str


def notice_of(refusal: Refusal | None, *, told: bool = False) -> RefusalNotice | None:
    """Return what stands above a form that was refused; None where nothing was, or where the form tells it already."""
    return RefusalNotice(refusal.code, str(refusal)) if refusal and not told else None


def problems_of(sections: Sequence[Section], refusal: Refusal | None = None) -> list[Problem]:
    """Return the summary of the fields that are wrong, each with the code of what was refused of it."""
    codes = {str(one): one.code for one in refusal.all} if refusal else {}
    fields = (field for section in sections for field in section.fields if field.error)
    return [Problem(f"#{field.id}", f"{field.label}: {field.error}", codes.get(field.error, "")) for field in fields]
