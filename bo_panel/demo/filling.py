"""Fills an empty deployment with a demonstration, once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from random import Random

from sqlalchemy import insert

from bo_panel.bootstrap import Panel
from bo_panel.demo.cast import Cast, Member
from bo_panel.demo.grants import Belongings, Homes
from bo_panel.demo.indexes import built_afterwards, sorting_in_files
from bo_panel.demo.loading import Loader
from bo_panel.demo.people import People
from bo_panel.demo.records import fill_records
from bo_panel.demo.roles import PlannedRole, RoleChoice, plan_roles
from bo_panel.demo.signing_in import SignIns
from bo_panel.demo.tree import DemoProblem, PlannedTree, grown, plan_tree
from bo_panel.domain.actors import ROOT
from bo_panel.domain.passwords import generated
from bo_panel.models import AuditEvent, ChangeSet
from bo_panel.services.engine import writing

FILLED = "demo.filled"

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a demonstration consists of; the crowd is drawn while it is written."""

    tree: PlannedTree
    roles: tuple[PlannedRole, ...]
    cast: tuple[Member, ...]
    owners: tuple[Member, ...]
    """Those of the cast who own the unit where they are at home."""
    crowd: Iterator[Member]
    users: int
    features: tuple[str, ...] = ()

    def members(self) -> Iterator[Member]:
        """Yield the cast, then as much of the crowd as is wanted."""
        return chain(self.cast, islice(self.crowd, max(0, self.users - len(self.cast))))


def fill(panel: Panel, users: int, progress: Progress = lambda _users: None) -> SignIns:
    """Fill an empty deployment, all or nothing, and return who can sign in; `progress` is told how many people are written.

    Those who hold what every unit needs come in any case, even where they are more than `users`.

    Raises DemoProblem when `[demo] tree` cannot be made of the unit kinds there are.
    """
    now = panel.clock.now()
    plan = plan_of(panel, users, now)
    password = generated(panel.settings.passwords.generated_length)
    password_hash = panel.hasher.hash(password)
    with sorting_in_files(panel.database) as session, writing(session):
        _write(Loader(session, now, password_hash), plan, progress)
        fill_records(panel, session, plan.tree.units, Random(panel.settings.demo.seed))
    return SignIns(password, tuple(member.told for member in plan.cast if member.told is not None))


def plan_of(panel: Panel, users: int, now: datetime) -> Plan:
    """Return what a demonstration of these settings consists of; the same seed gives the same people."""
    settings, registry, random = panel.settings, panel.registry, Random(panel.settings.demo.seed)
    if not settings.demo.tree:
        raise DemoProblem("demo.tree names no units. Name the kinds, and how many there are of each, in the deployment's file.")
    tree = plan_tree(grown(settings.demo.tree, users), registry, random)
    roles = plan_roles(tree, registry)
    homes = Homes(tree, settings.users.home_kinds)
    people = People(random, now, settings.demo.email_domain, settings.users.email_required)
    cast = tuple(Cast(settings, registry, tree, homes, people).everybody())
    belongings = Belongings(tree, homes, RoleChoice(registry, roles, random), random)
    owners = tuple(member for member in cast if member.belonging.owns_home(registry.owner_roles))
    return Plan(tree, roles, cast, owners, _crowd(people, belongings, now), users, tuple(registry.features))


def _crowd(people: People, belongings: Belongings, now: datetime) -> Iterator[Member]:
    while True:
        yield Member(people.anybody(), belongings.draw(now))


def _write(loader: Loader, plan: Plan, progress: Progress) -> None:
    loader.units(plan.tree.units)
    loader.founders(plan.owners)
    loader.roles(plan.roles)
    loader.features(plan.features, (unit.id for unit in plan.tree.tops))
    with built_afterwards(loader.session):
        grants = loader.people(plan.members(), progress)
    loader.take_ids()
    users = max(plan.users, len(plan.cast))
    _record(loader, {"users": users, "units": len(plan.tree.units), "roles": len(plan.roles), "grants": grants})


def _record(loader: Loader, counts: dict[str, int]) -> None:
    done = {"at": loader.now, "actor_name": "demo", "door": "console", "change": "demo.fill", "selected": counts["users"], "changed": counts["users"]}
    [change_set_id] = loader.session.execute(insert(ChangeSet).values(**done).returning(ChangeSet.id)).one()
    event = {"at": loader.now, "change_set_id": change_set_id, "actor_name": "demo", "event": FILLED, "unit_id": ROOT.ids[-1], "after": counts}
    loader.session.execute(insert(AuditEvent).values(**event))
