"""The promise of the guard: no change raises anybody above the larger of what he had and what the actor holds there."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st
from sqlalchemy import select

from bo_panel.domain.access import Vector, at_or_below
from bo_panel.domain.errors import Refusal
from bo_panel.domain.lifecycle import MOVES
from bo_panel.domain.units import UnitPath
from bo_panel.models import Unit, User
from bo_panel.queries.access import access_of
from bo_panel.services.changes import CreateUser, EditUsers, GiveRole, MoveUnit, MoveUsers, TakeRole
from bo_panel.testing import World
from tests.worlds import DECLARED, GONE, UNIT_IDS, Drawn, plant, worlds

Check = Callable[..., Callable[[Callable[..., None]], None]]
Snapshot = dict[tuple[int, int], Vector]

VERBS = ("give", "give", "give", "take", "move", "move", "create", "edit", "users")


@dataclass(frozen=True)
class Act:
    """Somebody does something to somebody, somewhere."""

    verb: str
    actor: int
    target: int
    units: frozenset[int]
    parent: int
    role: str


ACTS = st.lists(
    st.builds(
        Act,
        verb=st.sampled_from(VERBS),
        actor=st.integers(1, 4),
        target=st.integers(1, 7),
        units=st.frozensets(st.sampled_from(UNIT_IDS[:6]), min_size=1, max_size=2),
        parent=st.sampled_from(UNIT_IDS[:6]),
        role=st.sampled_from((*DECLARED, "own.0", "own.1", GONE)),
    ),
    min_size=1,
    max_size=6,
)


def test_no_change_raises_anybody_above_what_he_had_or_what_the_actor_holds(world: World, check: Check) -> None:
    done: dict[str, int] = {}

    @check(worlds(most_units=8, most_users=5), ACTS)
    def holds(drawn: Drawn, acts: list[Act]) -> None:
        plant(world, drawn)
        for act in acts:
            before = everybody(world)
            try:
                do(world, act)
            except Refusal:
                pass
            else:
                done[act.verb] = done.get(act.verb, 0) + 1
            for (user_id, unit_id), now in everybody(world).items():
                had = before.get((user_id, unit_id), world.panel.registry.nothing)
                actors = before.get((act.actor, unit_id), world.panel.registry.nothing)
                assert at_or_below(now, tuple(map(max, had, actors))), (act, user_id, unit_id)

    assert {"give", "take", "create"} <= done.keys(), f"only {done} were ever allowed, so little was proven"


def everybody(world: World) -> Snapshot:
    units = world.session.execute(select(Unit.id, Unit.path)).all()
    found: Snapshot = {}
    for user_id in world.session.scalars(select(User.id)):
        access = access_of(world.session, user_id, world.panel.registry, world.now)
        found |= {(user_id, unit.id): access.at(UnitPath(unit.path)) for unit in units}
    world.session.rollback()
    return found


def do(world: World, act: Act) -> None:
    actor = world.actor(act.actor)
    if act.verb == "give":
        world.run(GiveRole(role=act.role, unit_ids=act.units), act.target, by=actor)
    elif act.verb == "take":
        world.run(TakeRole(role=act.role, unit_ids=act.units), act.target, by=actor)
    elif act.verb == "move":
        world.single(MoveUnit(unit_id=min(act.units), parent_id=act.parent), by=actor)
    elif act.verb == "create":
        values = {"user_name": f"new{world.counts()['user']}"}
        world.single(CreateUser(values=values, home_id=min(act.units), role=act.role, unit_ids=act.units), by=actor)
    elif act.verb == "edit":
        world.run(EditUsers(values={"first_name": "New"}), act.target, by=actor)
    else:
        world.run(MoveUsers(move=list(MOVES.values())[act.parent % 3]), act.target, by=actor)
