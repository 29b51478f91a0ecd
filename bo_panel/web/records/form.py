"""The fields of a record's form."""

from collections.abc import Mapping, Sequence

from bo_panel.domain.profile_fields import PROFILE
from bo_panel.hooks.pages import ModelPage, PersonField
from bo_panel.hooks.registry import Registry
from bo_panel.queries.records import on_offer
from bo_panel.queries.units import Place
from bo_panel.web.current import panel, session
from bo_panel.web.fields import Choice, Field, Section
from bo_panel.web.translating import gettext
from bo_panel.web.users.profile import ProfilePart

FEW = 50
"""Up to so many units a select is offered; beyond, a search."""
FEW_PEOPLE = 200
"""Up to so many people a select is offered; beyond, the user name is typed."""


def sections_of(page: ModelPage, unit: Place, typed: Mapping[str, str], errors: Mapping[str, str]) -> list[Section]:
    """Return the form, filled with what was typed."""
    fields = ProfilePart(typed, errors).fields(page.fields, page.fields)
    belongs = Field(name="unit-shown", label=kind_label(panel().registry, page), kind="static", value=unit.name)
    people = [_person(person, unit, typed.get(person.key, ""), errors) for person in page.people]
    return [Section("record", page.singular, "", [belongs, *fields, *people])]


def unit_section(registry: Registry, page: ModelPage, units: Sequence[Place], lookup_url: str) -> Section:
    """Return the question to which unit a new record belongs; of many units one is searched for."""
    label = kind_label(registry, page)
    if len(units) > FEW:
        field = Field(name="unit", label=label, kind="unit", lookup_url=lookup_url, unit_kind=page.unit_kinds[0], required=True)
    else:
        options = (Choice(label=gettext("Choose…")), *(Choice(str(unit.id), unit.name) for unit in units))
        field = Field(name="unit", label=label, kind="select", options=options, required=True)
    return Section("unit", gettext("Where it belongs"), gettext("It stays there."), [field])


def kind_label(registry: Registry, page: ModelPage) -> str:
    """Return what the unit of a record is called."""
    return registry.kinds[page.unit_kinds[0]].label if len(page.unit_kinds) == 1 else gettext("Belongs to")


def _person(person: PersonField, unit: Place, value: str, errors: Mapping[str, str]) -> Field:
    found = on_offer(session(), person, unit.id, panel().clock.now(), FEW_PEOPLE + 1)
    name, error = PROFILE + person.key, errors.get(PROFILE + person.key, "")
    if len(found) > FEW_PEOPLE:
        hint = f"{person.help} {gettext('Enter the user name.')}".strip()
        return Field(name=name, label=person.label, value=value, error=error, hint=hint, optional=True, autocomplete="off")
    labels = {user_name: f"{called} ({user_name})" for user_name, called in found}
    labels |= {value: value} if value and value not in labels else {}
    options = (Choice(label=gettext("Nobody")), *(Choice(key, label, chosen=key == value) for key, label in labels.items()))
    return Field(name=name, label=person.label, kind="select", options=options, error=error, hint=person.help, optional=True)
