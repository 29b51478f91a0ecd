"""The promise of the guard, for those who make and change roles and policies: nobody gains by it more than the one who did it holds there."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st
from sqlalchemy import select

from bo_panel.domain.access import MEMBER, at_or_below
from bo_panel.domain.errors import Refusal
from bo_panel.models import Role
from bo_panel.queries.roles import role_book_for
from bo_panel.queries.units import place
from bo_panel.services.changes import CreateRole, EditRole, GiveRole, RemoveRole, left_in, policy_changes, policy_of
from bo_panel.services.engine import only
from bo_panel.testing import World
from tests.services.test_nobody_gains import POWERS, everybody
from tests.worlds import LEVELS, Drawn, plant, worlds

Check = Callable[..., Callable[[Callable[..., None]], None]]


@dataclass(frozen=True)
class Act:
    """Somebody does something to a role, or gives it to somebody somewhere; all are counted round what there is."""

    verb: str
    actor: int
    role: int
    unit: int
    target: int
    levels: dict[str, str]


ACTS = st.lists(
    st.builds(
        Act,
        verb=st.sampled_from(("edit", "edit", "edit", "edit", "create", "create", "give", "give", "remove", "policy", "policy", "policy")),
        actor=st.integers(1, 3),
        role=st.integers(0, 3),
        unit=st.integers(0, 7),
        target=st.integers(0, 6),
        levels=LEVELS,
    ),
    min_size=8,
    max_size=14,
)


def test_nobody_gains_by_editing_roles(world: World, check: Check) -> None:
    done: dict[str, int] = {}

    @check(worlds(most_units=6, most_users=4), POWERS, ACTS)
    def holds(drawn: Drawn, powers: list[tuple[int, str, int]], acts: list[Act]) -> None:
        plant(world, drawn)
        there = sorted(drawn.paths)
        for user_id, role, unit in powers:
            place = there[unit % len(there)]
            if user_id in drawn.homes and (role, place) not in world.held(user_id):
                world.grant(user_id, role, place)
        for act in acts:
            before = everybody(world)
            try:
                do(world, drawn, act)
            except Refusal:
                world.session.rollback()
            else:
                done[act.verb] = done.get(act.verb, 0) + 1
            for (user_id, unit_id), now in everybody(world).items():
                had = before[user_id, unit_id]
                assert user_id != act.actor or now == had or act.verb == "remove", (act, "changed what he holds himself")
                actors = before.get((act.actor, unit_id), world.panel.registry.nothing)
                assert at_or_below(now, tuple(map(max, had, actors))), (act, user_id, unit_id)

    assert min(done.get(verb, 0) for verb in ("edit", "create", "policy")) > 0, f"only {done} were ever allowed, so little was proven"


def do(world: World, drawn: Drawn, act: Act) -> None:
    actor, there = world.actor(act.actor), sorted(drawn.paths)
    keys = world.session.scalars(select(Role.key).order_by(Role.id)).all()
    key, unit = keys[act.role % len(keys)] if keys else "none", there[act.unit % len(there)]
    if act.verb == "create":
        world.single(CreateRole(unit_id=unit, name="New", levels=act.levels), by=actor)
    elif act.verb == "give":
        world.run(GiveRole(role=key, unit_ids=frozenset({unit})), 1 + act.target % len(drawn.homes), by=actor)
    elif act.verb == "policy":
        give_policy(world, act, unit, 1 + act.target % len(drawn.homes))
    elif act.verb == "remove":
        world.single(RemoveRole(role=key), by=actor)
    else:
        world.single(EditRole(role=key, name="Changed", levels=act.levels), by=actor)


def give_policy(world: World, act: Act, unit: int, target: int) -> None:
    found = place(world.session, unit)
    assert found is not None
    held = [role for role, at in world.held(target) if at == unit and role != MEMBER]
    book = role_book_for(world.session, world.panel.registry, frozenset(held))
    changes = policy_changes(policy_of(book.registry, act.levels, "", found.kind), found, held, left_in(book, held))
    actor = world.actor(act.actor)
    world.session.rollback()
    if changes:
        world.panel.engine.run_together(world.session, actor, changes, only(target))
