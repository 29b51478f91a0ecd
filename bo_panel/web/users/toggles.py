"""The field of the access toggles in the form of a user."""

from collections.abc import Mapping

from bo_panel.domain.access import TYPE
from bo_panel.hooks.registry import Registry
from bo_panel.web.fields import Choice, Field
from bo_panel.web.translating import gettext
from bo_panel.web.users.typed import SWITCH

ON, OFF = "on", "off"


def toggles_field(registry: Registry, switchable: Mapping[str, bool], on: frozenset[str], error: str) -> Field:
    """Return the ticks: each says with which types it goes; those that the person asking may not switch are locked."""
    options = tuple(
        Choice(
            key,
            registry.toggles[key].label,
            registry.toggles[key].description,
            kinds=" ".join(TYPE + user_type for user_type in registry.toggles[key].user_types),
            chosen=key in on,
            locked=not may,
        )
        for key, may in switchable.items()
    )
    return Field(name="toggles", label=gettext("Additional access"), kind="toggles", options=options, error=error)


def switches_fields(registry: Registry, switchable: Mapping[str, bool], chosen: Mapping[str, str], unchanged: str) -> list[Field]:
    """Return a choice for each toggle that the person asking may switch for several users: on, off, or as each of them has it."""
    words = {"": unchanged, ON: gettext("Switch on"), OFF: gettext("Switch off")}
    options = {key: tuple(Choice(value, label, chosen=value == chosen.get(key, "")) for value, label in words.items()) for key in switchable}
    found = [(registry.toggles[key], options[key], SWITCH + key) for key, may in switchable.items() if may]
    return [Field(name=name, label=toggle.label, kind="select", options=of, hint=toggle.description, optional=True) for toggle, of, name in found]


def toggles_shown(registry: Registry, on: frozenset[str]) -> Field:
    """Return the same for somebody who may change nothing of it."""
    names = ", ".join(registry.toggles[key].label for key in registry.toggles if key in on)
    return Field(name="toggles", label=gettext("Additional access"), kind="static", value=names or gettext("None"))
