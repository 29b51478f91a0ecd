"""The people of a demonstration who come first: owners, and one to sign in as for each role."""

from collections.abc import Iterator
from dataclasses import dataclass

from bo_panel.demo.grants import Belonging, Homes, PlannedGrant
from bo_panel.demo.people import People, Person
from bo_panel.demo.roles import declared_for, owner_role
from bo_panel.demo.signing_in import NamedPerson
from bo_panel.demo.tree import PlannedTree, PlannedUnit
from bo_panel.domain.access import OWNER
from bo_panel.domain.actors import ROOT
from bo_panel.hooks.registry import Registry
from bo_panel.settings import Settings


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the cast: who, what he holds, and what is told of him if he is one to sign in as."""

    person: Person
    belonging: Belonging
    told: NamedPerson | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """Brings together who comes first."""

    settings: Settings
    registry: Registry
    tree: PlannedTree
    homes: Homes
    people: People

    def everybody(self) -> Iterator[Member]:
        """Yield the owner of all, those to sign in as, then the owners of all other units that need one."""
        demo = self.settings.demo
        owner = self.people.named(demo.owner_user_name, demo.owner_first_name, demo.owner_last_name)
        yield self._told(owner, ROOT.ids[-1], OWNER, self.settings.words.root)
        kinds = tuple(dict.fromkeys(unit.kind for unit in self.tree.units))
        for kind in kinds:
            yield from self._of_kind(kind)
        for unit in self.tree.units:
            if self.registry.needs_owner(unit.kind):
                yield Member(self.people.able(), Belonging.at(unit.id, PlannedGrant(unit.id, owner_role(self.registry))))

    def _of_kind(self, kind: str) -> Iterator[Member]:
        """Yield an owner, and one person for each role that is held at this kind and at none below it, at the first unit."""
        unit = self.tree.first_of(kind)
        if unit is None:
            return
        if self.registry.needs_owner(kind):
            yield self._told(self.people.named(f"{_tail(kind)}_owner"), unit.id, owner_role(self.registry), unit.name)
        for role in declared_for(self.registry, kind):
            if role.unit_kinds[-1:] == (kind,):
                yield self._at(unit, role.key)

    def _at(self, unit: PlannedUnit, role: str) -> Member:
        person = self.people.named(_tail(role))
        told = NamedPerson(person.user_name, str(person.email), self.registry.roles[role].label, unit.name)
        return Member(person, Belonging.at(self.homes.of(unit), PlannedGrant(unit.id, role)), told)

    def _told(self, person: Person, unit_id: int, role: str, place: str) -> Member:
        told = NamedPerson(person.user_name, str(person.email), self.registry.roles[role].label, place)
        return Member(person, Belonging.at(unit_id, PlannedGrant(unit_id, role)), told)


def _tail(key: str) -> str:
    return key.rpartition(".")[2]
