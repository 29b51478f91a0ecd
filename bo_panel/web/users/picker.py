"""The fields of the form in which the places of a role are chosen, one for each kind of unit."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from bo_panel.hooks.contributions import FieldRule
from bo_panel.hooks.registry import Registry
from bo_panel.queries.units import Place
from bo_panel.web.fields import Choice, Field
from bo_panel.web.translating import gettext, language
from bo_panel.web.users.access import RoleOffer
from bo_panel.web.users.typed import ALL, UNITS, Typed, number


class Filled(Protocol):
    """What a form says about its places."""

    @property
    def registry(self) -> Registry:
        """The kinds of units, and the rules about their fields."""
        ...

    @property
    def typed(self) -> Typed:
        """What was chosen."""
        ...

    @property
    def offer(self) -> RoleOffer | None:
        """The roles on offer, where a home is known."""
        ...

    @property
    def chosen(self) -> Mapping[int, Place]:
        """The units that were chosen, by id."""
        ...

    @property
    def errors(self) -> Mapping[str, str]:
        """What is wrong, by field."""
        ...

    @property
    def edits_access(self) -> bool:
        """Whether anything can be chosen."""
        ...

    @property
    def units_url(self) -> str:
        """Where units are looked up."""
        ...


def picker_field(form: Filled, kind: str) -> Field:
    """Return the field of one kind: closed for a role that is not held there, and where a rule closes it."""
    name, plural, texts = UNITS + kind, form.registry.kinds[kind].plural, form.typed.units.get(kind, ())
    everything, elsewhere, choose = _sentences(plural, language())
    places = [form.chosen[number(text)] for text in texts if number(text) in form.chosen]
    if not form.edits_access:
        names = everything if ALL in texts else ", ".join(place.name for place in places)
        return Field(name=name, label=plural, kind="static", value=names or gettext("None"))
    kinds = [held for role in form.typed.every_role for held in form.offer.kinds(role)] if form.offer else []
    rule = _rule(form, kind)
    return Field(
        name=name,
        label=plural,
        kind="units",
        lookup_url=form.units_url,
        unit_kind=kind,
        chosen=tuple(Choice(id=str(place.id), label=place.name) for place in places),
        hint=choose,
        disabled=kind not in kinds or ALL in texts or _closed(form.typed, rule),
        disabled_hint=elsewhere,
        error=form.errors.get(name, "") or (form.errors.get("units", "") if kinds[:1] == [kind] else ""),
        all_label=everything if _has_all(form, kind) else "",
        all_chosen=ALL in texts,
        inside=rule.inside if rule else "",
        inside_roles=" ".join(rule.roles) if rule else "",
        inside_hint=rule.reason if rule else "",
        closed=_closed(form.typed, rule),
    )


@lru_cache(maxsize=500)
def _sentences(plural: str, _language: str) -> tuple[str, str, str]:
    """Return what all units of a kind are called, when they cannot be chosen, and what choosing them means."""
    return (
        gettext("All %(units)s", units=plural),
        gettext("For roles that are held at %(units)s. Choose such a role first.", units=plural),
        gettext("Choose where the role holds."),
    )


def _rule(form: Filled, kind: str) -> FieldRule | None:
    """Return the rule about this field, if the field that it depends on stands in the form."""
    fields = form.offer.pickers if form.offer else tuple(form.typed.units)
    return next((rule for rule in form.registry.field_rules if rule.unit_kind == kind and rule.inside in fields), None)


def _closed(typed: Typed, rule: FieldRule | None) -> bool:
    """Return whether a rule closes the field, because not exactly one place is chosen in the other."""
    if rule is None or not any(rule.governs(role) for role in typed.every_role or ("",)):
        return False
    return typed.whole(rule.inside) or len(set(typed.units.get(rule.inside, ()))) > 1


def _has_all(form: Filled, kind: str) -> bool:
    """Return whether all of a kind can be chosen with some role; before a home is chosen, nobody knows."""
    return form.offer is None or any(kind in choice.whole.split() for choice in form.offer.choices) or form.typed.whole(kind)
