"""Where a role is held, as the form says it: places chosen kind by kind, or all of a kind, in words of units and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bo_panel.domain.errors import NoPlace, PlacesApart, RoleDoesNotFit, UnknownUnit
from bo_panel.hooks.contributions import FieldRule
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.units import Place
from bo_panel.web.users.access import RoleOffer
from bo_panel.web.users.typed import ALL, UNITS, Typed, account_values, main_role, profile_values


def as_stored(row: Any, held: Sequence[HeldRole], offer: RoleOffer) -> Typed:
    """Return the form's values for somebody as he is."""
    role = main_role(held, row.home_id)
    mine = [grant for grant in held if grant.role_key == role]
    on = frozenset(grant.role_key for grant in held if grant.role_key in offer.toggles and grant.unit_id == offer.home.id)
    return Typed(
        values=account_values(row),
        home=str(row.home_id),
        role=role,
        units=_shown(role, mine, offer),
        toggles=on if offer.toggles else None,
        profile=profile_values(row),
        version=row.version,
    )


def places_shown(role: str, held: Sequence[HeldRole], offer: RoleOffer) -> Mapping[str, Sequence[str]]:
    """Return the fields of places as they are filled for a role that is held by these grants."""
    return _shown(role, held, offer)


def unit_ids(typed: Typed, offer: RoleOffer, chosen: Mapping[int, Place]) -> frozenset[int]:
    """Return the units where the role is to be held; raise, about the field, for what does not go together or is missing."""
    return _Placing(typed, offer, chosen).unit_ids()


def check_beneath(places: frozenset[int], offer: RoleOffer, chosen: Mapping[int, Place]) -> None:
    """Raise for a place that this form does not offer: one that is not beneath the home, but for guests."""
    for place_id in places - {offer.home.id}:
        if place_id not in chosen or not (offer.guest or offer.home.path.covers(chosen[place_id].path)):
            raise UnknownUnit("units")


def reached(grant: HeldRole, offer: RoleOffer) -> bool:
    """Return whether the form says anything about a grant."""
    return grant.unit_id == offer.home.id or grant.unit_kind in offer.pickers


@dataclass(frozen=True, slots=True)
class _Placing:
    """What was chosen for one role."""

    typed: Typed
    offer: RoleOffer
    chosen: Mapping[int, Place]

    def unit_ids(self) -> frozenset[int]:
        kinds = self.offer.kinds(self.typed.role)
        for kind, texts in self.typed.units.items():
            if texts and kind not in kinds:
                raise RoleDoesNotFit(UNITS + kind, role=self._role, unit=self.offer.roles.registry.kinds[kind].plural)
        if not kinds:
            return frozenset({self.offer.home.id})
        found = {kind: self._of_kind(kind, first=kind == kinds[0]) for kind in kinds}
        for rule in self.offer.rules(self.typed.role):
            found |= self._inside_one(rule, found)
        places = frozenset[int]().union(*found.values())
        if not places:
            raise NoPlace(UNITS + kinds[0], role=self._role)
        return places

    def _of_kind(self, kind: str, *, first: bool) -> frozenset[int]:
        """Return the units of one field; all of the largest kind are the home itself."""
        if not self.typed.whole(kind):
            return self.typed.chosen(kind)
        if first and self.offer.at_home(self.typed.role):
            return frozenset({self.offer.home.id})
        if kind in self.offer.whole(self.typed.role):
            return frozenset()
        raise RoleDoesNotFit(UNITS + kind, role=self._role, unit=self.offer.home.name)

    def _inside_one(self, rule: FieldRule, found: Mapping[str, frozenset[int]]) -> Mapping[str, frozenset[int]]:
        """Return what becomes of two fields by a rule: some inside the one place stand for it, and all inside it are the place itself."""
        larger, smaller, all_of_it = found[rule.inside], found[rule.unit_kind], self.typed.whole(rule.unit_kind)
        if self.typed.whole(rule.inside) or len(larger) > 1:
            if smaller or all_of_it:
                raise PlacesApart(UNITS + rule.unit_kind, reason=rule.reason)
            return {}
        if all_of_it:
            if not larger:
                raise NoPlace(UNITS + rule.inside, role=self._role)
            return {rule.unit_kind: frozenset()}
        if not larger or not smaller:
            if larger and rule.required:
                raise NoPlace(UNITS + rule.unit_kind, role=self._role)
            return {}
        self._check_inside(rule, next(iter(larger)), smaller)
        return {rule.inside: frozenset()}

    def _check_inside(self, rule: FieldRule, larger: int, smaller: frozenset[int]) -> None:
        if larger not in self.chosen:
            raise UnknownUnit(UNITS + rule.inside)
        for place in (self.chosen.get(unit_id) for unit_id in smaller):
            if place is None or place.path.ids[-2:-1] != (larger,):
                raise UnknownUnit(UNITS + rule.unit_kind)

    @property
    def _role(self) -> str:
        return self.offer.roles.label(self.typed.role)


def _shown(role: str, held: Sequence[HeldRole], offer: RoleOffer) -> dict[str, list[str]]:
    kinds, units = offer.kinds(role), dict[str, list[str]]()
    for grant in held:
        if grant.unit_id != offer.home.id:
            units.setdefault(grant.unit_kind, []).append(str(grant.unit_id))
        elif kinds:
            units[kinds[0]] = [ALL]
    for rule in offer.rules(role):
        units |= _opened(rule, units, [grant for grant in held if grant.unit_kind == rule.unit_kind])
    return units


def _opened(rule: FieldRule, units: Mapping[str, list[str]], smaller: Sequence[HeldRole]) -> dict[str, list[str]]:
    """Return two fields as they were filled in: the one place with some inside it, or whole places."""
    whole = units.get(rule.inside, [])
    if ALL in whole:
        return {rule.inside: [ALL], rule.unit_kind: []}
    apart = {str(grant.unit_id): str(grant.unit_path.ids[-2]) for grant in smaller if str(grant.unit_path.ids[-2]) not in whole}
    larger = list(dict.fromkeys([*whole, *apart.values()]))
    return {rule.inside: larger, rule.unit_kind: [ALL] if len(larger) == 1 and not apart else list(apart)}
