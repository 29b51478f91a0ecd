"""The form of one profile field: what it is called, what can be typed, and the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from bo_panel.domain.errors import Invalid, UnknownField
from bo_panel.domain.identifiers import NAME_LIMIT
from bo_panel.domain.profile_fields import FieldType, ProfileField
from bo_panel.web.fields import Choice, Field, Section
from bo_panel.web.profile_fields.desk import rule_words, type_words
from bo_panel.web.translating import gettext

NAMES = ("label", "type", "help", "choices", "depends_on", "view", "edit")
FIXED = ("unique", "searchable")
"""Rules that are given with the field: what is stored already may not keep to them."""
LONGEST = 60_000


@dataclass(frozen=True, slots=True)
class FieldForm:
    """The form, for a field that is new or one that there is."""

    levels: Mapping[str, str]
    """What may be asked for, by resource and level."""
    countries: Sequence[ProfileField]
    typed: Mapping[str, Any]
    errors: Mapping[str, str]
    known: ProfileField | None = None

    def section(self) -> Section:
        """Return the fields of the form."""
        fields = [self._text("label", gettext("Label"), required=True, maxlength=NAME_LIMIT), self._type()]
        fields += [self._text("help", gettext("Help"), hint=gettext("Shown below the field."), maxlength=400)]
        if self.known is None or self.known.choices:
            fields.append(self._text("choices", gettext("Choices"), hint=gettext("One on each line."), kind="long_text"))
        if self.known is None:
            countries = {"": gettext("None"), **{field.key: field.label for field in self.countries}}
            fields.append(self._select("depends_on", gettext("Country field"), countries, gettext("For a state or province.")))
        fields.append(self._select("view", gettext("Who sees it"), {"": gettext("Everybody who sees the user"), **self._levels("view")}, ""))
        fields.append(self._select("edit", gettext("Who fills it in"), {"": gettext("Everybody who edits the user"), **self._levels("edit")}, ""))
        help_text = gettext("The type, and whether values are told apart or searched, stay as they are given here.")
        return Section("field", gettext("Field"), help_text, [*fields, self._rules()])

    def _text(self, name: str, label: str, **more: Any) -> Field:
        more = {"kind": "text", "optional": not more.get("required"), **more}
        return Field(name=name, label=label, value=self.typed[name], error=self.errors.get(name, ""), autocomplete="off", **more)

    def _type(self) -> Field:
        words = type_words()
        if self.known is not None:
            return Field(name="type", label=gettext("Type"), kind="static", value=words[self.known.type])
        return self._select("type", gettext("Type"), {kind.value: label for kind, label in words.items()}, "")

    def _select(self, name: str, label: str, options: Mapping[str, str], hint: str) -> Field:
        chosen = tuple(Choice(value, text, chosen=value == self.typed[name]) for value, text in options.items())
        return Field(name=name, label=label, kind="select", options=chosen, hint=hint, error=self.errors.get(name, ""))

    def _levels(self, name: str) -> Mapping[str, str]:
        """Return what may be asked for, and what is asked for already, whatever has become of it."""
        stored = getattr(self.known, name, "")
        return self.levels if not stored or stored in self.levels else {**self.levels, stored: stored}

    def _rules(self) -> Field:
        offered = {name: label for name, label in rule_words().items() if self.known is None or name not in FIXED}
        options = tuple(Choice(name, label, chosen=name in self.typed["rules"]) for name, label in offered.items())
        error = next((self.errors[name] for name in offered if name in self.errors), "")
        return Field(name="rules", label=gettext("Rules"), kind="checks", options=options, optional=True, error=error)


def typed_of(field: ProfileField) -> dict[str, Any]:
    """Return a field as its form has it."""
    values = {name: str(getattr(field, name)) for name in NAMES if name not in ("choices", "type")}
    rules = [name for name in rule_words() if getattr(field, name)]
    return {**values, "type": field.type.value, "choices": "\n".join(field.choices), "rules": rules}


def typed(form: MultiDict[str, str]) -> dict[str, Any]:
    """Return what was posted; raise UnknownField for a field that this form does not have."""
    for name in form:
        if name not in (*NAMES, "rules", "csrf_token", "version"):
            raise UnknownField(name=name[:80])
    values = {name: form.get(name, "").replace("\x00", "")[:LONGEST] for name in NAMES}
    return {**values, "rules": [rule for rule in form.getlist("rules") if rule in rule_words()]}


def field_from(values: Mapping[str, Any], known: ProfileField | None = None) -> ProfileField:
    """Return the field that was typed; raise Invalid for a type that there is not."""
    if known is None and values["type"] not in tuple(FieldType):
        raise Invalid("type", reason=gettext("Choose one of those on offer."))
    kind = known.type if known else FieldType(values["type"])
    choices = tuple(filter(None, (line.strip() for line in values["choices"].splitlines())))
    rules = {name: name in values["rules"] for name in rule_words()}
    texts = {name: values[name] for name in ("label", "depends_on", "help", "view", "edit")}
    return ProfileField(key=known.key if known else "", type=kind, choices=choices, **texts, **rules)


