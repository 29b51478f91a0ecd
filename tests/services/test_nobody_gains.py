"""The promise of the guard: no change raises anybody above the larger of what he had and what the actor holds there."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st
from sqlalchemy import select

from bo_panel.domain.access import Vector, at_or_below
from bo_panel.domain.errors import Refusal
from bo_panel.domain.lifecycle import MOVES
from bo_panel.domain.units import UnitPath
from bo_panel.models import ChangeSet, Unit, User
from bo_panel.queries.access import access_of
from bo_panel.services.changes import CreateUser, EditUsers, GiveRole, MoveUnit, MoveUsers, TakeRole
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Changed
from bo_panel.testing import World
from tests.worlds import DECLARED, GONE, Drawn, plant, worlds

Check = Callable[..., Callable[[Callable[..., None]], None]]
Snapshot = dict[tuple[int, int], Vector]

VERBS = ("give", "give", "give", "take", "move", "move", "create", "edit", "users", "undo", "undo")


@dataclass(frozen=True)
class Act:
    """Somebody does something to somebody, somewhere; whom and where are counted round what there is."""

    verb: str
    actor: int
    target: int
    unit: int
    other: int
    role: str

    def units(self, drawn: Drawn) -> frozenset[int]:
        """Return one or two of the units that there are."""
        there = sorted(drawn.paths)
        return frozenset({there[self.unit % len(there)], there[self.other % len(there)]})


ACTS = st.lists(
    st.builds(
        Act,
        verb=st.sampled_from(VERBS),
        actor=st.integers(1, 3),
        target=st.integers(0, 6),
        unit=st.integers(0, 7),
        other=st.integers(0, 7),
        role=st.sampled_from((*DECLARED, "grove.viewer", "grove.editor", "own.0", "own.1", GONE)),
    ),
    min_size=4,
    max_size=12,
)
STRONG = st.sampled_from(("grove.admin", "grove.admin", "grove.users", "owner"))
POWERS = st.lists(st.tuples(st.integers(1, 3), STRONG, st.integers(0, 7)), max_size=4)


def test_no_change_raises_anybody_above_what_he_had_or_what_the_actor_holds(world: World, check: Check) -> None:
    done: dict[str, int] = {}

    @check(worlds(most_units=8, most_users=5), POWERS, ACTS)
    def holds(drawn: Drawn, powers: list[tuple[int, str, int]], acts: list[Act]) -> None:
        plant(world, drawn)
        for user_id, role, unit in powers:
            place = sorted(drawn.paths)[unit % len(drawn.paths)]
            if user_id in drawn.homes and (role, place) not in world.held(user_id):
                world.grant(user_id, role, place)
        for act in acts:
            before = everybody(world)
            try:
                do(world, drawn, act)
            except Refusal:
                pass
            else:
                done[act.verb] = done.get(act.verb, 0) + 1
            for (user_id, unit_id), now in everybody(world).items():
                had = before.get((user_id, unit_id), world.panel.registry.nothing)
                actors = before.get((act.actor, unit_id), world.panel.registry.nothing)
                assert at_or_below(now, tuple(map(max, had, actors))), (act, user_id, unit_id)

    assert sum(done.values()) > 5 and {"give", "create"} & done.keys(), f"only {done} were ever allowed, so little was proven"


def everybody(world: World) -> Snapshot:
    units = world.session.execute(select(Unit.id, Unit.path)).all()
    found: Snapshot = {}
    for user_id in world.session.scalars(select(User.id)):
        access = access_of(world.session, user_id, world.panel.registry, world.now)
        found |= {(user_id, unit.id): access.at(UnitPath(unit.path)) for unit in units}
    world.session.rollback()
    return found


def do(world: World, drawn: Drawn, act: Act) -> None:
    actor, units = world.actor(act.actor), act.units(drawn)
    target = 1 + act.target % len(drawn.homes)
    if act.verb == "give":
        world.run(GiveRole(role=act.role, unit_ids=units), target, by=actor)
    elif act.verb == "take":
        role, unit_id = sorted(world.held(target))[act.unit % len(world.held(target))]
        world.run(TakeRole(role=role, unit_ids=frozenset({unit_id})), target, by=actor)
    elif act.verb == "move":
        world.single(MoveUnit(unit_id=max(units), parent_id=min(units)), by=actor)
    elif act.verb == "create":
        values = {"user_name": f"new{world.counts()['user']}"}
        world.single(CreateUser(values=values, home_id=min(units), role=act.role, unit_ids=units), by=actor)
    elif act.verb == "undo":
        found = world.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id)).all()
        chosen = found[-1 - act.unit % len(found)] if found else 0
        world.run(undo_of(world.session, chosen), selection=Changed(chosen), by=actor)
    elif act.verb == "edit":
        world.run(EditUsers(values={"first_name": "New"}), target, by=actor)
    else:
        world.run(MoveUsers(move=list(MOVES.values())[act.other % 3]), target, by=actor)
