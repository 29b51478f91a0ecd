"""The guard in SQL equals a naive reader: who may not be touched, who is the last owner, and what may be given."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import strategies as st
from sqlalchemy import select

from bo_panel.domain.access import OWNER, at_or_below
from bo_panel.domain.errors import AboveOwnAccess, LastOwner, NotAllowed, NotAtHome, OwnAccount, Refusal, RoleDoesNotFit, Superior, UnknownRole
from bo_panel.domain.lifecycle import DELETE, DISABLE, Move, Status
from bo_panel.domain.plans import CHANGE, SAME
from bo_panel.domain.units import UnitPath
from bo_panel.models import Grant, Unit, User
from bo_panel.queries import visible
from bo_panel.queries.roles import role_book
from bo_panel.queries.sql import live
from bo_panel.queries.users import Wanted
from bo_panel.services.changes import EditUsers, MoveUsers, TakeRole
from bo_panel.services.engine import Context, Ids, Matching, only
from bo_panel.services.guard import giving, may_give
from bo_panel.testing import World
from tests.worlds import DECLARED, GONE, Drawn, Held, plant, worlds

Check = Callable[..., Callable[[Callable[..., None]], None]]
MOVED = st.sampled_from((DISABLE, DELETE))
FEW_USERS = st.sampled_from((0, 100))
"""Whether each of a few is asked where he is, or all units are read first, as for many."""


def visible_to_the_first(world: World, drawn: Drawn) -> set[int]:
    there = drawn.where(world, 1, "users", "view")
    found = {user_id for user_id, home in drawn.homes.items() if drawn.paths[home] in there}
    found |= {held.user_id for held in drawn.live if drawn.paths[held.unit_id] in there}
    return {user_id for user_id in found if drawn.statuses[user_id] is not Status.DELETED}


def exceeds(world: World, drawn: Drawn, held: Held) -> bool:
    path = drawn.paths[held.unit_id]
    return not at_or_below(drawn.vector(world, held.role), drawn.access(world, 1, path))


def contained(world: World, drawn: Drawn, user_id: int, level: str) -> bool:
    """Whether somebody holds more, inside or above the first one's own subtrees."""
    reach = drawn.where(world, 1, "users", level)
    near = {path for path in drawn.paths.values() if path in reach or any(top.startswith(path) for top in reach)}
    return any(held.user_id == user_id and drawn.paths[held.unit_id] in near and exceeds(world, drawn, held) for held in drawn.live)


def unseats(drawn: Drawn, user_id: int, selected: set[int]) -> bool:
    def stays(unit_id: int) -> bool:
        others = {held.user_id for held in drawn.live if held.unit_id == unit_id and held.role == OWNER} - {user_id}
        return any(drawn.statuses[other] is Status.ACTIVE and (other > user_id or other not in selected) for other in others)

    return any(held.user_id == user_id and held.role == OWNER and not stays(held.unit_id) for held in drawn.live)


def verdict(world: World, drawn: Drawn, user_id: int, move: Move, selected: set[int]) -> str:
    if user_id == 1:
        return OwnAccount.code
    if drawn.paths[drawn.homes[user_id]] not in drawn.where(world, 1, "users", move.level):
        return NotAtHome.code
    if contained(world, drawn, user_id, move.level):
        return Superior.code
    if unseats(drawn, user_id, selected):
        return LastOwner.code
    return SAME if drawn.statuses[user_id] is move.to else CHANGE


def test_who_may_be_shut_out_is_what_a_naive_reader_says(world: World, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    @check(worlds(), MOVED, FEW_USERS)
    def holds(drawn: Drawn, move: Move, few: int) -> None:
        monkeypatch.setattr(visible, "FEW_USERS", few)
        plant(world, drawn)
        selected = visible_to_the_first(world, drawn)
        actor = world.actor(1)
        try:
            plan = world.panel.engine.plan(world.session, actor, MoveUsers(move=move), Matching(Wanted()))
        except NotAllowed:
            assert not drawn.where(world, 1, "users", move.level)
            return
        expected = {user_id: verdict(world, drawn, user_id, move, selected) for user_id in selected}
        refused = {user_id: code for user_id, code in expected.items() if code not in (CHANGE, SAME)}
        assert {row.user_id: row.code for row in plan.refusals} == refused
        assert (plan.selected, plan.refused) == (len(selected), len(refused))
        assert plan.changed == sum(1 for code in expected.values() if code == CHANGE)
        assert world.counts()["change_set"] == 0, "a plan leaves nothing behind"
        shown, _counted = world.panel.engine.preview(world.session, actor, MoveUsers(move=move), Matching(Wanted())).result()
        assert (shown.selected, shown.changed, shown.refused) == (plan.selected, plan.changed, plan.refused)
        assert shown.codes == Counter(refused.values())


def test_whose_account_may_be_taken_over_is_who_holds_no_more_at_any_unit(world: World, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    @check(worlds(), FEW_USERS)
    def holds(drawn: Drawn, few: int) -> None:
        monkeypatch.setattr(visible, "FEW_USERS", few)
        plant(world, drawn)
        reach = drawn.where(world, 1, "users", "edit")
        for user_id in visible_to_the_first(world, drawn) if reach else ():
            above = any(not at_or_below(drawn.access(world, user_id, path), drawn.access(world, 1, path)) for path in drawn.paths.values())
            at_home = drawn.paths[drawn.homes[user_id]] in reach
            expected = [] if at_home and not above else [Superior.code if at_home else NotAtHome.code]
            plan = world.panel.engine.plan(world.session, world.actor(1), EditUsers(values={"email": "new@example.com"}), only(user_id))
            assert [row.code for row in plan.refusals] == expected


def test_what_may_be_given_is_what_is_at_or_below_the_own_access(world: World, check: Check) -> None:
    @check(worlds())
    def holds(drawn: Drawn) -> None:
        plant(world, drawn)
        book = role_book(world.session, world.panel.registry)
        context = Context(world.session, world.panel.registry, world.actor(1), world.now)
        kinds = {row.path: row.kind for row in world.session.execute(select(Unit.path, Unit.kind))}
        for role in (*DECLARED, *drawn.stored, GONE):
            for path in drawn.paths.values():
                known = role in DECLARED or (role in drawn.stored and path.startswith(drawn.paths[drawn.stored[role][1]]))
                fits = role != OWNER or world.panel.registry.needs_owner(kinds[path])
                below = at_or_below(drawn.vector(world, role), drawn.access(world, 1, path))
                expected = UnknownRole if not known else RoleDoesNotFit if not fits else None if below else AboveOwnAccess
                assert refusal_of(context, book, role, (UnitPath(path), kinds[path], "there")) is expected


def refusal_of(context: Context, book: object, role: str, place: tuple[UnitPath, str, str]) -> type[Refusal] | None:
    try:
        may_give(giving(context, book, (role,)), role, place)  # type: ignore[arg-type]
    except Refusal as refusal:
        return type(refusal)
    return None


def test_no_unit_loses_its_last_owner_whoever_is_shut_out_or_lowered_together(world: World, check: Check) -> None:
    chosen = st.frozensets(st.integers(1, 7), min_size=1)

    @check(worlds(), chosen, st.sampled_from(("disable", "delete", "take")))
    def holds(drawn: Drawn, chosen: frozenset[int], how: str) -> None:
        plant(world, drawn)
        for user_id, unit_id in ((user_id, unit_id) for user_id in list(drawn.homes)[:3] for unit_id in list(drawn.paths)[:2]):
            if (OWNER, unit_id) not in world.held(user_id):
                world.grant(user_id, OWNER, unit_id)
        there = {user_id for user_id in chosen & drawn.homes.keys() if drawn.statuses[user_id] is not Status.DELETED}
        if not there:
            return
        before = owned(world)
        change = {
            "disable": MoveUsers(move=DISABLE),
            "delete": MoveUsers(move=DELETE),
            "take": TakeRole(role=OWNER, unit_ids=frozenset(drawn.paths)),
        }[how]
        world.run(change, selection=Ids(frozenset(there)))
        assert owned(world) == before


def owned(world: World) -> set[int]:
    """Return the units that have an owner who can sign in."""
    rows = select(Grant.unit_id).join(User, User.id == Grant.user_id)
    return set(world.session.scalars(rows.where(Grant.role_key == OWNER, live(Grant.expires_at, world.now), User.status == Status.ACTIVE)))
