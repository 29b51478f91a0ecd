"""The access of somebody as a set of roles: what stands in the form, and what brings it from what is stored to what was ticked.

The places chosen are those of all the roles ticked that are held at such places. What was not touched stays as it is: a role that was held
and is ticked still keeps its own places, but for those that were added to the field or taken out of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from bo_panel.domain.access import MEMBER
from bo_panel.domain.errors import Invalid, RoleDoesNotFit, UnknownRole
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.units import Place
from bo_panel.queries.visible import Scope
from bo_panel.services.changes import GiveRole, TakeRole
from bo_panel.services.engine import SetChange
from bo_panel.web.fields import Choice
from bo_panel.web.translating import gettext
from bo_panel.web.users.access import RoleOffer
from bo_panel.web.users.places import as_stored, check_beneath, places_shown, reached, unit_ids
from bo_panel.web.users.typed import UNITS, Typed

FIELD = "roles"
Texts = Mapping[str, frozenset[str]]
"""What is chosen, by unit kind."""


@dataclass(frozen=True)
class RoleSet:
    """The roles that somebody holds; nobody holds any before he exists. `reach` is where the person asking may change them."""

    offer: RoleOffer
    reach: Scope
    grants: Sequence[HeldRole] = ()

    @cached_property
    def held(self) -> Mapping[str, Sequence[HeldRole]]:
        """The grants of each role, `member` and toggles apart."""
        apart = {MEMBER, *self.offer.roles.registry.toggles}
        keys = dict.fromkeys(grant.role_key for grant in self.grants if grant.role_key not in apart)
        return {key: [grant for grant in self.grants if grant.role_key == key] for key in keys}

    @cached_property
    def locked(self) -> frozenset[str]:
        """The roles that are not for the person asking to take."""
        return frozenset(key for key, grants in self.held.items() if not self._may_take(grants))

    @cached_property
    def own(self) -> Sequence[str]:
        """The roles held that the form is about."""
        return [key for key in self.held if key not in self.locked]

    def stored(self, row: Any) -> Typed:
        """Return the form's values for somebody as he is."""
        units = {kind: sorted(texts) for kind, texts in self._together.items()}
        one = as_stored(row, self.grants, self.offer)
        return replace(one, role="", units=units, roles=tuple(self.own))

    def placed(self, typed: Typed, chosen: Mapping[int, Place]) -> Mapping[str, frozenset[int]]:
        """Return the roles ticked, each with the units where it is to be held; raise for what is missing or does not go together."""
        if not typed.roles and not self.locked:
            raise Invalid(FIELD, reason=gettext("Choose at least one role."))
        if set(typed.roles) - {*self.offer.offered(), *self.own}:
            raise UnknownRole(FIELD)
        for kind, texts in typed.units.items():
            if set(texts) - self._together.get(kind, frozenset()) and not any(kind in self.offer.kinds(role) for role in typed.roles):
                raise RoleDoesNotFit(UNITS + kind, role=self._named(typed.roles), unit=self.offer.roles.registry.kinds[kind].plural)
        found = {role: self._units(role, typed, chosen) for role in typed.roles}
        for role, units in found.items():
            check_beneath(units - self._ids(role), self.offer, chosen)
        return found

    def changes(self, typed: Typed, chosen: Mapping[int, Place]) -> list[SetChange]:
        """Return what brings the roles from what is stored to what was ticked; given before taken."""
        if set(typed.roles) == set(self.own) and all(set(texts) == self._together.get(kind, frozenset()) for kind, texts in typed.units.items()):
            return []
        after = self.placed(typed, chosen)
        given = {role: units - self._ids(role) for role, units in after.items()}
        taken = {role: self._reached(role) - after[role] if role in after else self._ids(role) for role in self.own}
        changes: list[SetChange] = [GiveRole(role=role, unit_ids=units) for role, units in given.items() if units]
        return [*changes, *(TakeRole(role=role, unit_ids=units) for role, units in taken.items() if units)]

    def options(self, typed: Typed) -> tuple[Choice, ...]:
        """Return the roles as check boxes; those that are not for the person asking to take are ticked and locked."""
        on_offer = {choice.value: choice for choice in self.offer.choices}
        known = on_offer | {key: self.offer.choice(key) for key in self.held if key not in on_offer}
        ticked = {*typed.roles, *self.locked}
        return tuple(choice.ticked(chosen=key in ticked, locked=key in self.locked) for key, choice in known.items())

    @property
    def editable(self) -> bool:
        """Whether the person asking can change any of them."""
        return bool(self.own or self.offer.choices)

    def shown(self) -> str:
        """Return the names of the roles held."""
        return self._named(self.held)

    def _units(self, role: str, typed: Typed, chosen: Mapping[int, Place]) -> frozenset[int]:
        kinds = self.offer.kinds(role)
        wanted: Texts = {kind: frozenset(typed.units.get(kind, ())) for kind in kinds}
        if role in self.own:
            before = self._shown_of(role)
            if not kinds or all(wanted[kind] == self._together.get(kind, frozenset()) for kind in kinds):
                return self._ids(role)
            wanted = {kind: self._moved(kind, wanted[kind], before.get(kind, frozenset())) for kind in kinds}
        return unit_ids(replace(typed, role=role, units={kind: sorted(texts) for kind, texts in wanted.items()}), self.offer, chosen)

    def _moved(self, kind: str, wanted: frozenset[str], before: frozenset[str]) -> frozenset[str]:
        """Return what becomes of one role's places of a kind: what was added to the field is added, what was taken out is taken out."""
        stood = self._together.get(kind, frozenset())
        return (before | (wanted - stood)) - (stood - wanted)

    @cached_property
    def _together(self) -> Texts:
        """What is chosen by all the roles together, as the form shows it."""
        found: dict[str, frozenset[str]] = {}
        for role in self.own:
            for kind, texts in self._shown_of(role).items():
                found[kind] = found.get(kind, frozenset()) | texts
        return found

    def _shown_of(self, role: str) -> Texts:
        return {kind: frozenset(texts) for kind, texts in places_shown(role, self.held[role], self.offer).items()}

    def _ids(self, role: str) -> frozenset[int]:
        return frozenset(grant.unit_id for grant in self.held.get(role, ()))

    def _reached(self, role: str) -> frozenset[int]:
        return frozenset(grant.unit_id for grant in self.held[role] if reached(grant, self.offer))

    def _may_take(self, grants: Sequence[HeldRole]) -> bool:
        return self.offer.may_take(grants) and all(self.reach.covers(grant.unit_path) for grant in grants)

    def _named(self, roles: Sequence[str] | Mapping[str, Any]) -> str:
        return ", ".join(self.offer.roles.label(role) for role in roles) or gettext("None")
