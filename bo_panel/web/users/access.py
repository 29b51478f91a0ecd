"""The access part of the form: which roles are on offer where, and where each can be held."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from bo_panel.domain.access import MEMBER, Access, at_or_below
from bo_panel.domain.units import ROOT_KIND, UnitPath
from bo_panel.hooks.contributions import FieldRule
from bo_panel.hooks.registry import Registry
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.units import Place
from bo_panel.web.fields import Choice


def beneath(registry: Registry, kind: str) -> frozenset[str]:
    """Return the kinds of units that can stand somewhere beneath a unit of this kind."""
    found: set[str] = set()
    waiting = [kind]
    while waiting:
        below = {known.key for known in registry.kinds_below(waiting.pop())} - found
        found |= below
        waiting += below
    return frozenset(found)


def picker_kinds(registry: Registry, home_kinds: Sequence[str]) -> tuple[str, ...]:
    """Return the unit kinds, below those where accounts are at home, that the form has a picker for."""
    return tuple(kind for kind in registry.kinds if kind != ROOT_KIND and kind not in home_kinds)


@lru_cache(maxsize=500)
def role_offer(roles: RoleBook, access: Access, home: Place, pickers: tuple[str, ...]) -> "RoleOffer":
    """Return what somebody with this access may give to an account at this home: worked out once, and the same for everybody like him."""
    return RoleOffer(roles, access, home, pickers)


@dataclass(frozen=True)
class RoleOffer:
    """The roles that somebody may give to an account at one home; to a guest, at the units that he administers himself."""

    roles: RoleBook
    access: Access
    home: Place
    pickers: tuple[str, ...]
    _kinds: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def guest(self) -> bool:
        """Whether the home lies apart from everything that the person asking administers."""
        return not any(path.covers(self.home.path) or self.home.path.covers(path) for path in self._reach)

    @cached_property
    def choices(self) -> Sequence[Choice]:
        """The roles as options; each says at which kinds of units it is held, none when it is held at home."""
        return [self._choice(key) for key in self.offered() if self._may_give(key)]

    def kinds(self, key: str) -> tuple[str, ...]:
        """Return the kinds of units that are to be chosen for a role; none when it is held at home and nowhere else."""
        if key not in self._kinds:
            only_home = self.at_home(key) and (not self.roles.kinds(key) or key in self.roles.registry.owner_roles)
            self._kinds[key] = () if only_home else tuple(kind for kind in self._possible if self.roles.fits(key, kind))
        return self._kinds[key]

    @cached_property
    def _possible(self) -> tuple[str, ...]:
        """The kinds of units that there can be a choice of."""
        below = beneath(self.roles.registry, self.home.kind)
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
        """Return the roles that exist for such an account, `member` apart, whoever may give them."""
        paths = self._reach if self.guest else (self.home.path,)
        return [key for key in dict.fromkeys(key for path in paths for key in self.roles.offered_at(path)) if key != MEMBER]

    def may_take(self, held: Sequence[HeldRole]) -> bool:
        """Return whether these grants are all at or below what the person asking holds there."""
        return all(at_or_below(self.roles.vector_of(grant.role_key), self.access.at(grant.unit_path)) for grant in held)

    def _choice(self, key: str) -> Choice:
        declared = self.roles.registry.roles.get(key)
        hint = declared.description if declared else ""
        return Choice(key, self.roles.label(key), hint, kinds=" ".join(self.kinds(key)), whole=" ".join(self.whole(key)))

    def _may_give(self, key: str) -> bool:
        if not self.kinds(key):
            return not self.guest and self.roles.fits(key, self.home.kind) and self._gives(key, self.home.path)
        return any(self._gives(key, path) for path in (self.home.path, *self._reach) if self.guest or self.home.path.covers(path))

    def _gives(self, key: str, path: UnitPath) -> bool:
        return at_or_below(self.roles.vector_of(key), self.access.at(path))

    def _administers(self, path: UnitPath) -> bool:
        return any(top.covers(path) for top in self._reach)

    @cached_property
    def _reach(self) -> Sequence[UnitPath]:
        return self.access.reach("users", "edit")
