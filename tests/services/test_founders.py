"""Whoever signed a unit up stays, as long as the account has the e-mail address of that day and is an owner."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import strategies as st
from sqlalchemy import select, update

from bo_panel.domain.access import OWNER
from bo_panel.domain.actors import ROOT
from bo_panel.domain.errors import Founder, LastOwner
from bo_panel.domain.lifecycle import DELETE, DISABLE, ENABLE, Status
from bo_panel.models import Unit, User
from bo_panel.queries.users import Wanted
from bo_panel.services.changes import CreateUser, EditUsers, MoveUsers, TakeRole
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Changed, Ids, Matching, writing
from bo_panel.testing import World
from tests.worlds import Drawn, plant, worlds

Check = Callable[..., Callable[[Callable[..., None]], None]]
OLIVIA = {"user_name": "olivia", "email": "olivia@example.com"}


def protecting(world: World) -> World:
    """Return the same world, where the founder rule holds."""
    users = world.panel.settings.users.model_copy(update={"founder_protected": True})
    return replace(world, panel=replace(world.panel, settings=world.panel.settings.model_copy(update={"users": users})))


def add_owner(world: World, unit_id: int, **values: str) -> int:
    change = CreateUser(values={**OLIVIA, **values}, home_id=unit_id, role=OWNER, unit_ids=frozenset({unit_id}))
    return world.single(change).subject_id or 0


def founder_of(world: World, unit_id: int) -> str | None:
    world.session.rollback()
    return world.session.scalar(select(Unit.founder_email_key).where(Unit.id == unit_id))


def codes(world: World, change: MoveUsers | EditUsers | TakeRole, *user_ids: int) -> list[str]:
    return [row.code for row in world.run(change, *user_ids).refusals]


@pytest.fixture
def shop(world: World) -> World:
    """A world with the founder rule."""
    return protecting(world)


ROOT_ID = ROOT.ids[-1]


def test_the_first_owner_of_a_unit_signed_it_up_and_those_after_him_did_not(shop: World) -> None:
    first = add_owner(shop, ROOT_ID)
    add_owner(shop, ROOT_ID, user_name="second", email="second@example.com")

    assert founder_of(shop, ROOT_ID) == "olivia@example.com"
    assert shop.trail(first)[-1] == ("units.founded", {}, {"email": "olivia@example.com"})
    assert [event for event, _before, _after in shop.trail()].count("units.founded") == 1


def test_an_owner_without_an_address_signs_nothing_up(shop: World) -> None:
    add_owner(shop, ROOT_ID, email="")

    assert founder_of(shop, ROOT_ID) is None


def test_the_founder_cannot_be_deleted_until_his_address_is_another(shop: World) -> None:
    founder = add_owner(shop, ROOT_ID)
    assert codes(shop, MoveUsers(move=DELETE), founder) == [LastOwner.code]
    second = add_owner(shop, ROOT_ID, user_name="second", email="second@example.com")
    assert codes(shop, MoveUsers(move=DELETE), founder) == [Founder.code]
    assert codes(shop, MoveUsers(move=DELETE), founder, second) == [Founder.code, LastOwner.code]

    assert codes(shop, EditUsers(values={"email": "gone@example.com"}), founder) == []
    assert codes(shop, MoveUsers(move=DELETE), founder) == []
    again = add_owner(shop, ROOT_ID)
    assert again not in (0, founder), "made anew, with the address of the sign-up"
    assert codes(shop, MoveUsers(move=DELETE), again) == [Founder.code]


def test_the_founder_may_go_once_he_handed_the_unit_over(shop: World) -> None:
    founder = add_owner(shop, ROOT_ID)
    add_owner(shop, ROOT_ID, user_name="second", email="second@example.com")

    assert codes(shop, TakeRole(role=OWNER, unit_ids=frozenset({ROOT_ID})), founder) == []

    assert codes(shop, MoveUsers(move=DELETE), founder) == []


def test_the_founder_can_be_kept_out_for_now(shop: World) -> None:
    founder = add_owner(shop, ROOT_ID)
    add_owner(shop, ROOT_ID, user_name="second", email="second@example.com")

    assert codes(shop, MoveUsers(move=DISABLE), founder) == []
    assert codes(shop, MoveUsers(move=DELETE), founder) == [Founder.code]


def test_an_undo_does_not_remove_the_founder_either(shop: World) -> None:
    founder = add_owner(shop, ROOT_ID)
    add_owner(shop, ROOT_ID, user_name="second", email="second@example.com")
    with writing(shop.session):
        shop.session.execute(update(Unit).values(founder_email_key=None))
    deleted = shop.run(MoveUsers(move=DELETE), founder).change_set_id or 0
    back = shop.run(undo_of(shop.session, deleted), selection=Changed(deleted)).change_set_id or 0
    with writing(shop.session):
        shop.session.execute(update(Unit).values(founder_email_key="olivia@example.com"))

    undone = shop.run(undo_of(shop.session, back), selection=Changed(back))

    assert [row.code for row in undone.refusals] == [Founder.code]
    assert shop.row(founder).status is Status.ACTIVE


def test_where_the_rule_is_off_only_the_last_owner_stays(world: World) -> None:
    founder = add_owner(world, ROOT_ID)
    add_owner(world, ROOT_ID, user_name="second", email="second@example.com")

    assert founder_of(world, ROOT_ID) == "olivia@example.com"
    assert codes(world, MoveUsers(move=DELETE), founder) == []


def test_of_any_selection_exactly_the_founders_stay(shop: World, check: Check) -> None:
    chosen = st.frozensets(st.integers(1, 7), min_size=1)
    signed_up = st.dictionaries(st.sampled_from((1, 2, 20, 3, 21)), st.integers(1, 7), max_size=5)

    @check(worlds(), chosen, signed_up, st.booleans(), st.sampled_from((DELETE, DISABLE, ENABLE)))
    def holds(drawn: Drawn, chosen: frozenset[int], signed_up: dict[int, int], everybody: bool, move: object) -> None:
        plant(shop, drawn)
        with writing(shop.session):
            for unit_id, user_id in signed_up.items():
                shop.session.execute(update(Unit).where(Unit.id == unit_id).values(founder_email_key=f"u{user_id}@example.com"))
        present = {user_id for user_id, status in drawn.statuses.items() if status is not Status.DELETED}
        asked = present if everybody else present & chosen
        if not asked:
            return
        owners = {(held.user_id, held.unit_id) for held in drawn.live if held.role == OWNER}
        founders = {user_id for user_id in asked if signed_up.get(drawn.homes[user_id]) == user_id and (user_id, drawn.homes[user_id]) in owners}
        result = shop.run(MoveUsers(move=move), selection=Matching(Wanted()) if everybody else Ids(frozenset(asked)))  # type: ignore[arg-type]
        refused = {row.user_id: row.code for row in result.refusals}
        kept = {user_id for user_id, code in refused.items() if code in (Founder.code, LastOwner.code)}
        if move is DELETE:
            assert {user_id for user_id, code in refused.items() if code == Founder.code} <= founders <= kept
            left = shop.session.scalars(select(User.id).where(User.status == Status.DELETED, User.id.in_(asked)))
            assert founders.isdisjoint(left)
        else:
            assert Founder.code not in refused.values()
