"""Random trees, users, roles and grants, and what a naive reader makes of them: the reference that the SQL is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import strategies as st

from bo_panel.domain.access import MEMBER, OWNER, Vector
from bo_panel.domain.accounts import document_of
from bo_panel.domain.lifecycle import Status
from bo_panel.models import Grant, Role, SignInSession, Unit, User, UserSearch
from bo_panel.testing import World
from bo_panel.testing.world import user_row

UNIT_IDS = (1, 2, 20, 3, 21, 30, 200, 4, 40, 22, 23, 24, 25, 26)
"""Ids of which many begin like others, so that siblings share the beginning of their paths."""
KINDS = ("root", "grove.area", "grove.stand", "grove.plot", "grove.corner")
DECLARED = ("grove.admin", "grove.users", "grove.editor", "grove.viewer", "grove.planner", "grove.feller", OWNER, MEMBER)
GONE = "gone"
NAMES = ("Ana Sol", "Bert Anan", "Zoë Öz", "بدر", "Li", "Anna-Lena Sommer", "o'Neil 100%", "a_b")

LEVELS = st.fixed_dictionaries(
    {},
    optional={
        "users": st.sampled_from(("view", "edit", "create", "delete")),
        "units": st.sampled_from(("view", "edit", "create", "delete")),
        "grove.trees": st.sampled_from(("view", "prune", "fell")),
    },
)


@dataclass(frozen=True)
class Held:
    """A grant as it was drawn."""

    user_id: int
    unit_id: int
    role: str
    expired: bool = False


@dataclass(frozen=True)
class Drawn:
    """A world as plain values."""

    paths: Mapping[int, str]
    homes: Mapping[int, int]
    statuses: Mapping[int, Status]
    grants: tuple[Held, ...]
    stored: Mapping[str, tuple[Mapping[str, str], int]] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)

    @property
    def live(self) -> tuple[Held, ...]:
        """The grants that have not expired."""
        return tuple(held for held in self.grants if not held.expired)

    def vector(self, world: World, role: str) -> Vector:
        """Return what a role gives."""
        if role in self.stored:
            return world.panel.registry.catalogue.vector(self.stored[role][0])
        return world.panel.registry.vector_of(role)

    def access(self, world: World, user_id: int, path: str) -> Vector:
        """Return what somebody holds at a path: grant by grant."""
        best = world.panel.registry.nothing
        for held in self.live:
            if held.user_id == user_id and path.startswith(self.paths[held.unit_id]):
                best = tuple(map(max, best, self.vector(world, held.role)))
        return best

    def where(self, world: World, user_id: int, resource: str, level: str) -> set[str]:
        """Return the paths at which somebody holds a level: unit by unit."""
        position, rung = world.panel.registry.catalogue.rung(resource, level)
        return {path for path in self.paths.values() if self.access(world, user_id, path)[position] >= rung}


@st.composite
def worlds(draw: st.DrawFn, most_units: int = 14, most_users: int = 7) -> Drawn:
    """Draw a world: siblings that share a prefix, expired grants, unknown roles, roles of units, every status."""
    units = UNIT_IDS[: draw(st.integers(1, most_units))]
    paths = {1: "/1/"}
    for unit_id in units[1:]:
        shallow = [path for path in paths.values() if path.count("/") < len(KINDS) + 1]
        paths[unit_id] = f"{draw(st.sampled_from(shallow))}{unit_id}/"
    some_unit = st.sampled_from(units)
    stored = {f"own.{number}": (draw(LEVELS), draw(some_unit)) for number in range(draw(st.integers(0, 2)))}
    some_role = st.sampled_from((*DECLARED, *stored, GONE))
    users = range(1, draw(st.integers(1, most_users)) + 1)
    homes = {user_id: draw(some_unit) for user_id in users}
    states = (Status.ACTIVE, Status.ACTIVE, Status.ACTIVE, Status.DISABLED, Status.INVITED, Status.DELETED)
    statuses = {user_id: Status.ACTIVE if user_id == 1 else draw(st.sampled_from(states)) for user_id in users}
    held = [Held(user_id, homes[user_id], MEMBER) for user_id in users]
    for user_id in users:
        for _ in range(draw(st.integers(0, 3))):
            held.append(Held(user_id, draw(some_unit), draw(some_role), draw(st.integers(0, 5)) == 0))
    for _ in range(draw(st.integers(0, 4))):
        held.append(Held(1, draw(some_unit), draw(some_role)))
    grants = {(grant.user_id, grant.unit_id, grant.role): grant for grant in reversed(held)}
    names = {user_id: draw(st.sampled_from(NAMES)) for user_id in users}
    return Drawn(paths, homes, statuses, tuple(grants.values()), stored, names)


def plant(world: World, drawn: Drawn) -> None:
    """Put a drawn world into the database."""
    now, kinds = world.now, {}
    units = []
    for unit_id, path in drawn.paths.items():
        ids = [int(part) for part in path.strip("/").split("/")]
        kinds[unit_id] = KINDS[len(ids) - 1]
        parent = ids[-2] if len(ids) > 1 else None
        name = f"Unit {unit_id}"
        row = {"id": unit_id, "parent_id": parent, "kind": kinds[unit_id], "name": name, "sort_name": name.lower(), "path": path}
        units.append({**row, "settings": {}, "created_at": now, "version": 1})
    away = {held.user_id for held in drawn.grants if held.unit_id != drawn.homes[held.user_id]}
    columns = {
        user_id: {"status": drawn.statuses[user_id], "away": user_id in away, "first_name": drawn.names[user_id], "email": f"u{user_id}@example.com"}
        for user_id in drawn.homes
    }
    users = [user_row(user_id, f"user{user_id}", now, {"home_id": home, **columns[user_id]}) for user_id, home in drawn.homes.items()]
    past = now - timedelta(days=1)
    world.plant(
        {
            Unit: units[1:],
            Role: [
                {"key": key, "unit_id": owned_at, "label": key, "levels": dict(levels), "unit_kinds": [], "created_at": now}
                for key, (levels, owned_at) in drawn.stored.items()
            ],
            User: users,
            UserSearch: [{"user_id": row["id"], "document": document_of(row)} for row in users],
            SignInSession: [
                {"token_hash": f"{row['id']}", "user_id": row["id"], "created_at": now, "seen_at": now, "address": "", "agent": ""} for row in users
            ],
            Grant: [
                {
                    "user_id": held.user_id,
                    "unit_id": held.unit_id,
                    "role_key": held.role,
                    "source": "admin",
                    "expires_at": past if held.expired else None,
                    "away": held.unit_id != drawn.homes[held.user_id],
                    "created_at": now,
                }
                for held in drawn.grants
            ],
        }
    )
