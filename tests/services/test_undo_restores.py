"""The promise of undo: whoever nobody changed since is exactly as before, whoever was is left alone and listed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from sqlalchemy import select

from bo_panel.domain.errors import ChangedSince, HomeKept, LastOwner, Refusal, RoleGone
from bo_panel.domain.lifecycle import DISABLE, MOVES
from bo_panel.domain.plans import Result
from bo_panel.models import AuditEvent, Grant, User, UserSearch
from bo_panel.services.changes import EditUsers, GiveRole, MoveUsers, TakeRole
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Changed, Ids, SetChange
from bo_panel.testing import World
from tests.worlds import DECLARED, Drawn, plant, worlds

Check = Callable[..., Callable[[Callable[..., None]], None]]
Everybody = dict[int, tuple[Any, ...]]

VERBS = {"fields": ("edit", "e-mail", "user name"), "roles": ("give", "take"), "status": ("move",), "together": ("together",)}
EXPLAINED = {RoleGone.code, LastOwner.code, HomeKept.code}
"""Why somebody whom nobody changed since may still not be as before."""
LATER = timedelta(days=3)


@dataclass(frozen=True)
class Act:
    """Something done to some of the users; whom, where and what are counted round what there is."""

    verb: str
    users: frozenset[int]
    unit: int
    role: str
    number: int


ANYTHING = st.sampled_from([verb for verbs in VERBS.values() for verb in verbs])


def acts(verbs: st.SearchStrategy[str]) -> st.SearchStrategy[Act]:
    return st.builds(
        Act,
        verb=verbs,
        users=st.frozensets(st.integers(0, 6), min_size=1, max_size=5),
        unit=st.integers(0, 7),
        role=st.sampled_from((*DECLARED, "grove.viewer", "own.0")),
        number=st.integers(0, 30),
    )


@pytest.mark.parametrize("what", VERBS)
def test_what_is_taken_back_is_exactly_as_before(world: World, check: Check, what: str) -> None:
    proven = [0]

    @check(worlds(most_units=6, most_users=6), acts(st.sampled_from(VERBS[what])), st.lists(acts(ANYTHING), max_size=2), share=0.6)
    def holds(drawn: Drawn, act: Act, interleaved: list[Act]) -> None:
        plant(world, drawn)
        give_for_a_time(world, drawn, act)
        before = everybody(world)
        done = do(world, drawn, act)
        if done is None or done.change_set_id is None:
            return
        after = everybody(world)
        later = [do(world, drawn, each) for each in interleaved]
        touched = {user_id for each in later if each and each.change_set_id for user_id in on_the_trail(world, each.change_set_id)}
        changed = on_the_trail(world, done.change_set_id)
        meanwhile = everybody(world)

        undone = take_back(world, done.change_set_id)

        now, refused = everybody(world), {row.user_id: row.code for row in undone.refusals}
        as_before = {user_id for user_id in changed if user_id not in refused}
        assert {user_id for user_id in now if now[user_id] != (before if user_id in as_before - touched else meanwhile)[user_id]} == set()
        assert {user_id for user_id, code in refused.items() if code == ChangedSince.code} <= touched
        assert {code for user_id, code in refused.items() if user_id not in touched} <= EXPLAINED
        proven[0] += undone.changed
        if undone.change_set_id and not touched and not refused:
            turned_round_twice(world, undone.change_set_id, (before, after))

    assert proven[0]


def turned_round_twice(world: World, undone: int, both: tuple[Everybody, Everybody]) -> None:
    """Check that an undo can be undone, and that as well."""
    before, after = both
    again = take_back(world, undone)
    assert (again.refused, everybody(world)) == (0, after)
    assert again.change_set_id is not None
    take_back(world, again.change_set_id)
    assert everybody(world) == before


def take_back(world: World, change_set_id: int) -> Result:
    return world.run(undo_of(world.session, change_set_id), selection=Changed(change_set_id))


def on_the_trail(world: World, change_set_id: int) -> set[int]:
    return set(world.session.scalars(select(AuditEvent.user_id).where(AuditEvent.change_set_id == change_set_id)))


def everybody(world: World) -> Everybody:
    """Return all that is stored of each user, his grants and his search document, apart from the versions."""
    world.session.rollback()
    columns = [column for column in User.__table__.c if column.name not in ("version", "access_version", "deleted_at")]
    users = {row.id: tuple(row) for row in world.session.execute(select(*columns))}
    documents = {row.user_id: row.document for row in world.session.execute(select(*UserSearch.__table__.c))}
    grants = [column for column in Grant.__table__.c if column.name != "id"]
    held: dict[int, set[Any]] = {user_id: set() for user_id in users}
    for row in world.session.execute(select(*grants)):
        held[row.user_id].add(tuple(row))
    world.session.rollback()
    return {user_id: (users[user_id], documents[user_id], frozenset(held[user_id])) for user_id in users}


def give_for_a_time(world: World, drawn: Drawn, act: Act) -> None:
    """Let one grant end some day, so that giving it back has an end to restore."""
    target, unit = targets(drawn, act)[0], place(drawn, act)
    if (act.role, unit) not in world.held(target) and act.number % 2:
        world.grant(target, act.role, unit, world.now + LATER)


def targets(drawn: Drawn, act: Act) -> list[int]:
    return sorted({1 + number % len(drawn.homes) for number in act.users})


def place(drawn: Drawn, act: Act) -> int:
    return sorted(drawn.paths)[act.unit % len(drawn.paths)]


def do(world: World, drawn: Drawn, act: Act) -> Result | None:
    chosen = [user_id for user_id in targets(drawn, act) if world.row(user_id).deleted_at is None]
    if act.verb in ("e-mail", "user name"):
        chosen = chosen[:1]
    if not chosen:
        return None
    selection, engine = Ids(frozenset(chosen)), world.panel.engine
    try:
        if act.verb == "together":
            return engine.run_together(world.session, world.console, [*changes(world, drawn, act)], selection)
        return world.run(changes(world, drawn, act)[0], selection=selection)
    except Refusal:
        return None


def changes(world: World, drawn: Drawn, act: Act) -> list[SetChange]:
    give = GiveRole(role=act.role, unit_ids=frozenset({place(drawn, act)}))
    held = sorted(grant for user_id in targets(drawn, act) for grant in world.held(user_id))
    role, unit_id = held[act.number % len(held)]
    take = TakeRole(role=role, unit_ids=frozenset({unit_id}))
    names = [("first_name", "Öz"), ("last_name", ""), ("phone", "+44 20 7946 0018"), ("phone", None), ("email", None)]
    edit = EditUsers(values=dict(names[act.number % 5 :][:2]))
    return {
        "edit": [edit],
        "e-mail": [EditUsers(values={"email": f"N{act.number}@Example.com"})],
        "user name": [EditUsers(values={"user_name": f"ŉew {act.number}"})],
        "give": [give],
        "take": [take],
        "move": [MoveUsers(move=[*MOVES.values(), DISABLE][act.number % 4])],
        "together": [edit, give, *([take] if (role, unit_id) != (act.role, place(drawn, act)) else [])],
    }[act.verb]
