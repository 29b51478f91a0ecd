"""The access part of the form: which roles are on offer where, and where each can be held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from bo_panel.domain.access import MEMBER, TOGGLE, Access, at_or_below
from bo_panel.domain.units import ROOT_KIND, UnitPath
from bo_panel.hooks.contributions import FieldRule
from bo_panel.hooks.registry import Registry
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.units import Place
from bo_panel.web.fields import Choice

MOST_KEPT = 50
"""Of what follows from the roles in sight, which can be a thousand."""


def picker_kinds(registry: Registry, home_kinds: Sequence[str]) -> tuple[str, ...]:
    """Return the unit kinds, below those where accounts are at home, that the form has a picker for."""
    return tuple(kind for kind in registry.kinds if kind != ROOT_KIND and kind not in home_kinds)


class Limits(NamedTuple):
    """What narrows the offer: the unit kinds that the form has pickers for, and the roles whose feature is off there."""

    pickers: tuple[str, ...]
    closed: frozenset[str]


@lru_cache(maxsize=MOST_KEPT)
def role_offer(roles: RoleBook, access: Access, home: Place, limits: Limits) -> "RoleOffer":
    """Return what somebody with this access may give to an account at this home: worked out once, and the same for everybody like him."""
    return RoleOffer(roles, access, home, limits.pickers, limits.closed)


@dataclass(frozen=True)
class RoleOffer:
    """The roles that somebody may give to an account at one home; to a guest, at the units that he administers himself."""

    roles: RoleBook
    access: Access
    home: Place
    pickers: tuple[str, ...]
    closed: frozenset[str] = frozenset()
    """The roles whose feature is off there."""

    @cached_property
    def guest(self) -> bool:
        """Whether the home lies apart from everything that the person asking administers."""
        return not any(path.covers(self.home.path) or self.home.path.covers(path) for path in self._reach)

    @cached_property
    def choices(self) -> Sequence[Choice]:
        """The roles as options; each says at which kinds of units it is held, none when it is held at home."""
        return [self.choice(key) for key in self.offered() if key not in self.closed and self._may_give(key)]

    def kinds(self, key: str) -> tuple[str, ...]:
        """Return the kinds of units that are to be chosen for a role; none when it is held at home and nowhere else."""
        return self._offered_kinds[key] if key in self._offered_kinds else self._kinds(key)

    @cached_property
    def _offered_kinds(self) -> Mapping[str, tuple[str, ...]]:
        """The same of all that are offered; of what else somebody may type nothing is kept."""
        return {key: self._kinds(key) for key in self.offered()}

    def _kinds(self, key: str) -> tuple[str, ...]:
        only_home = self.at_home(key) and (not self.roles.kinds(key) or key in self.roles.registry.owner_roles)
        return () if only_home else tuple(kind for kind in self._possible if self.roles.fits(key, kind))

    @cached_property
    def _possible(self) -> tuple[str, ...]:
        """The kinds of units that there can be a choice of."""
        below = self.roles.registry.kinds_beneath(self.home.kind)
        return self.pickers if self.guest else tuple(kind for kind in self.pickers if kind in below)

    def at_home(self, key: str) -> bool:
        """Return whether a role can be held at home; what is held there holds at everything beneath, and so at all that could be chosen."""
        return not self.guest and self.roles.fits(key, self.home.kind)

    def whole(self, key: str) -> tuple[str, ...]:
        """Return the kinds of which all can be chosen for a role, those included that are added later."""
        kinds = self.kinds(key)
        everywhere = kinds[:1] if self.at_home(key) and self._gives(key, self.home.path) and self._administers(self.home.path) else ()
        return (*everywhere, *(rule.unit_kind for rule in self.rules(key)))

    def rules(self, key: str) -> tuple[FieldRule, ...]:
        """Return the rules about the fields of a role, of those fields that there are."""
        kinds = self.kinds(key)
        return tuple(rule for rule in self.roles.registry.rules_for(key) if rule.unit_kind in kinds and rule.inside in kinds)

    def offered(self) -> Sequence[str]:
        """Return the roles that exist for such an account, whoever may give them: the types where there are types, `member` and toggles apart."""
        paths, types = self._reach if self.guest else (self.home.path,), self.roles.registry.types
        if types:
            return list(types)
        keys = dict.fromkeys(key for path in paths for key in self.roles.offered_at(path))
        return [key for key in keys if key != MEMBER and key not in self.roles.registry.toggles]

    @cached_property
    def toggles(self) -> Mapping[str, bool]:
        """The toggles that there are at this home, each with whether the person asking may switch it."""
        fitting = () if self.guest else (key for key in self.roles.registry.toggles if self.roles.fits(key, self.home.kind))
        return {key: self._gives(key, self.home.path) and self._administers(self.home.path) for key in fitting}

    def may_take(self, held: Sequence[HeldRole]) -> bool:
        """Return whether these grants are all at or below what the person asking holds there."""
        return all(at_or_below(self.roles.vector_of(grant.role_key), self.access.at(grant.unit_path)) for grant in held)

    def choice(self, key: str) -> Choice:
        """Return a role as an option, whoever may give it."""
        declared = self.roles.registry.roles.get(key)
        hint = declared.description if declared else ""
        found = self.roles.registry.types.get(key)
        toggles = " ".join(TOGGLE + toggle for toggle in found.toggles) if found else ""
        places = {"kinds": " ".join(self.kinds(key)), "whole": " ".join(self.whole(key))}
        return Choice(key, self.roles.label(key), hint, **places, toggles=toggles, alone=key in self.roles.registry.exclusive_roles)

    def _may_give(self, key: str) -> bool:
        if not self.kinds(key):
            return not self.guest and self.roles.fits(key, self.home.kind) and self._gives(key, self.home.path)
        return any(self._gives(key, path) for path in (self.home.path, *self._reach) if self.guest or self.home.path.covers(path))

    def _gives(self, key: str, path: UnitPath) -> bool:
        return self.roles.is_within(key, self.access, path)

    def _administers(self, path: UnitPath) -> bool:
        return any(top.covers(path) for top in self._reach)

    @cached_property
    def _reach(self) -> Sequence[UnitPath]:
        return self.access.reach("users", "edit")
