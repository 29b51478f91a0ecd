"""The profile fields as a form draws them, and their values as they are read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from bo_panel.domain.profile_fields import LIMITS, NO, PROFILE, YES, FieldType, ProfileField, chosen_of, lines_of
from bo_panel.services.countries import countries, state_named, states_of
from bo_panel.services.pictures import LONGEST_FILE
from bo_panel.web.fields import Choice, Field
from bo_panel.web.translating import gettext

KINDS = {
    FieldType.LONG_TEXT: "long_text",
    FieldType.DATE: "date",
    FieldType.EMAIL: "email",
    FieldType.PHONE: "tel",
    FieldType.URL: "url",
    FieldType.SEVERAL_OF: "checks",
    FieldType.IMAGE: "image",
}
"""How a field is drawn; the others are selects where there is something to choose, and lines of text."""
REMOVE = "remove"
"""What the tick of a picture sends."""


@dataclass(frozen=True, slots=True)
class ProfilePart:
    """The profile on a form: what stands in it, what was said against it, and where the states of a country are looked up."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    states_url: str = ""
    pictures_url: str = ""
    """Where pictures are, before the key of the field; '' where there are none."""
    emptied: Collection[str] = ()
    """The names of the fields whose picture is to be taken away."""

    def fields(self, profile: Sequence[ProfileField], filled_in: Sequence[ProfileField]) -> list[Field]:
        """Return the fields with their values; those that are not among the ones to be filled in are only shown."""
        return [self._filled_in(found) if found in filled_in else self._shown(found) for found in profile]

    def _shown(self, found: ProfileField) -> Field:
        if found.type is FieldType.IMAGE and self.values.get(found.key):
            return Field(name=found.name, label=found.label, kind="image", value=self._picture(found), hint=found.help, disabled=True)
        value = shown(found, self.values.get(found.key, ""))
        return Field(name=found.name, label=found.label, kind="static", value=value, hint=found.help)

    def _picture(self, found: ProfileField) -> str:
        return picture_url(self.pictures_url, found.key, self.values.get(found.key, ""))

    def _chosen(self, found: ProfileField) -> Field:
        """Return the field of a picture: the one there is with a tick to take it away, and a file to put in its place."""
        tick = Choice(REMOVE, gettext("Remove this picture"), chosen=found.name in self.emptied)
        return Field(
            name=found.name,
            label=found.label,
            value=self._picture(found),
            error=self.errors.get(found.name, ""),
            kind="image",
            hint=found.help or gettext("PNG, JPEG, WebP or GIF, at most %(size)s MB.", size=LONGEST_FILE // 1_000_000),
            optional=True,
            maxlength=LONGEST_FILE,
            options=(tick,) if self.values.get(found.key) else (),
        )

    def _filled_in(self, found: ProfileField) -> Field:
        if found.type is FieldType.IMAGE:
            return self._chosen(found)
        value = self.values.get(found.key, "")
        options = _options(found, value, self.values)
        several = found.type is FieldType.SEVERAL_OF
        return Field(
            name=found.name,
            label=found.label,
            value="" if options else value,
            error=self.errors.get(found.name, ""),
            kind="select" if options and not several else KINDS.get(found.type, "text"),
            hint=found.help,
            required=found.required,
            optional=not found.required,
            autocomplete="off",
            maxlength=LIMITS.get(found.type),
            options=options,
            depends=PROFILE + found.depends_on if found.depends_on else "",
            options_url=self.states_url if found.depends_on else "",
        )


def picture_url(pictures_url: str, key: str, digest: str) -> str:
    """Return where a picture is; another picture has another address. '' for no picture."""
    return f"{pictures_url}&field={quote(key)}&is={digest[:16]}" if digest and pictures_url else ""


def shown(found: ProfileField, value: str) -> str:
    """Return a value as it is read, stored or as typed."""
    if found.type is FieldType.YES_NO:
        return {YES: gettext("Yes"), NO: gettext("No")}.get(value, value)
    if found.type is FieldType.COUNTRY:
        return countries().get(value, value)
    if found.type is FieldType.STATE:
        return state_named(value)
    if found.type is FieldType.IMAGE:
        return gettext("Picture %(digest)s", digest=value[:8]) if value else ""
    return ", ".join(lines_of(value).split("\n")) if found.type is FieldType.SEVERAL_OF else value


def _options(found: ProfileField, value: str, profile: Mapping[str, str]) -> tuple[Choice, ...]:
    """Return what there is to choose, with what is chosen, whatever has become of it; nothing where something is typed."""
    if found.type is FieldType.SEVERAL_OF:
        chosen = chosen_of(value) if "\n" not in value else value.split("\n")
        return tuple(Choice(choice, choice, chosen=choice in chosen) for choice in dict.fromkeys((*found.choices, *chosen)))
    offered = _offered(found, profile)
    if offered is None:
        return ()
    known = offered if not value or value in offered else {**offered, value: value}
    return Choice(label=gettext("Choose…")), *(Choice(key, label, chosen=key == value) for key, label in known.items())


def _offered(found: ProfileField, profile: Mapping[str, str]) -> Mapping[str, str] | None:
    if found.type is FieldType.YES_NO:
        return {YES: gettext("Yes"), NO: gettext("No")}
    if found.type is FieldType.ONE_OF:
        return {choice: choice for choice in found.choices}
    if found.type is FieldType.COUNTRY:
        return countries()
    return states_of(profile.get(found.depends_on, "")) if found.type is FieldType.STATE else None
