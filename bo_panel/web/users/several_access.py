"""The access of several users at once: what is given and taken, and what is asked before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bo_panel.domain.access import MEMBER
from bo_panel.domain.errors import UnknownRole
from bo_panel.queries.grants import HeldRole
from bo_panel.services.changes import GiveRole, TakeRole
from bo_panel.services.engine import SetChange
from bo_panel.web.users.access import RoleOffer
from bo_panel.web.users.agreeing import Agreement, agreement_for_several
from bo_panel.web.users.desk import Desk
from bo_panel.web.users.saving import placed
from bo_panel.web.users.toggles import OFF, ON
from bo_panel.web.users.typed import Typed, main_role


@dataclass(frozen=True, slots=True)
class SharedAccess:
    """Users of one home, each with what he holds in sight, and what the person asking may give there."""

    desk: Desk
    offer: RoleOffer
    held: Sequence[tuple[Any, Sequence[HeldRole]]]

    def changes(self, filled: Typed) -> list[SetChange]:
        """Return what gives all of them what was chosen in the place of what they hold; raise for what is not on offer."""
        found = self._roles(filled) if filled.every_role else []
        home = frozenset({self.offer.home.id})
        found += [GiveRole(role=key, unit_ids=home) for key, value in filled.switches.items() if value == ON]
        return [*found, *(TakeRole(role=key, unit_ids=home) for key, value in filled.switches.items() if value == OFF)]

    def asked(self, filled: Typed) -> Agreement | None:
        """Return what has to be agreed to before it is saved; None where nothing has."""
        if not self.desk.panel.settings.users.confirm_access:
            return None
        before = dict.fromkeys(main_role(grants, row.home_id) for row, grants in self.held) if filled.role else {}
        return agreement_for_several(filled, list(before), self.offer)

    def _roles(self, filled: Typed) -> list[SetChange]:
        if not set(filled.every_role) <= {choice.value for choice in self.offer.choices}:
            raise UnknownRole("role")
        chosen, role_set = self.desk.chosen(filled), self.desk.role_set(self.offer)
        given = role_set.placed(filled, chosen) if role_set else placed(filled, self.offer, chosen)
        return [*(GiveRole(role=role, unit_ids=units) for role, units in given.items()), *self._taken(given)]

    def _taken(self, given: Mapping[str, frozenset[int]]) -> list[SetChange]:
        """Return what takes the roles that they hold now, each at all the units where any of them holds it, and toggles that go with none."""
        held, registry = [grant for _row, grants in self.held for grant in grants], self.desk.panel.registry
        staying = {MEMBER, *(toggle for toggle in registry.toggles if all(registry.goes_with(toggle, role) for role in given))}
        keys = dict.fromkeys(grant.role_key for grant in held if grant.role_key not in staying)
        before = {key: frozenset(grant.unit_id for grant in held if grant.role_key == key) - given.get(key, frozenset()) for key in keys}
        return [TakeRole(role=key, unit_ids=ids) for key, ids in before.items() if ids]
