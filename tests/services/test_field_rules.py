"""The rule about places that belong together holds for what is held in the end, in how many steps ever it is given."""

from collections.abc import Iterator

import pytest

from bo_panel.domain.errors import HeldApart, PlacesApart, Refusal
from bo_panel.services.changes import CreateUser, GiveRole, TakeRole
from bo_panel.services.engine import only
from bo_panel.testing import World

ROLE = "service_provider.platform_user"
ADMINISTRATOR = "service_provider.platform_administrator"
PROVIDER, ACCOUNT, SUB_ACCOUNT = (f"service_provider.{kind}" for kind in ("provider", "account", "sub_account"))
UNITS = {
    "north": (PROVIDER, ""),
    "amber": (ACCOUNT, "north"),
    "amber one": (SUB_ACCOUNT, "amber"),
    "amber two": (SUB_ACCOUNT, "amber"),
    "birch": (ACCOUNT, "north"),
    "birch one": (SUB_ACCOUNT, "birch"),
    "south": (PROVIDER, ""),
    "cedar": (ACCOUNT, "south"),
    "cedar one": (SUB_ACCOUNT, "cedar"),
}
APART = (("amber one", "birch one"), ("amber one", "birch"), ("amber one", "amber"), ("amber one", "north"), ("amber one", "amber two", "birch"))
TOGETHER = (
    ("amber one", "amber two"),
    ("amber", "birch"),
    ("north",),
    ("north", "amber"),
    ("amber one", "cedar one"),
    ("amber one", "cedar"),
    ("amber one", "south"),
)


@pytest.fixture
def units(provider_world: World) -> Iterator[dict[str, int]]:
    ids: dict[str, int] = {}
    for name, (kind, above) in UNITS.items():
        ids[name] = provider_world.unit(name, kind=kind, below=ids.get(above, 1))
    return ids


def give(units: dict[str, int], *names: str, role: str = ROLE) -> GiveRole:
    return GiveRole(role=role, unit_ids=frozenset(units[name] for name in names))


def held(world: World, user_id: int) -> set[int]:
    return {unit_id for role, unit_id in world.held(user_id) if role == ROLE}


@pytest.mark.parametrize("names", APART, ids=str)
def test_places_apart_are_refused_at_once_about_their_field(provider_world: World, units: dict[str, int], names: tuple[str, ...]) -> None:
    user = provider_world.user("user", home=units["north"])

    with pytest.raises(PlacesApart) as given:
        provider_world.run(give(units, *names), user)
    new = CreateUser(values={"user_name": "new"}, home_id=units["north"], role=ROLE, unit_ids=frozenset(units[name] for name in names))
    with pytest.raises(PlacesApart) as created:
        provider_world.single(new)

    assert given.value.field == created.value.field == f"units:{SUB_ACCOUNT}"
    assert held(provider_world, user) == set()


@pytest.mark.parametrize("names", APART, ids=str)
def test_they_are_refused_in_steps_too_in_any_order(provider_world: World, units: dict[str, int], names: tuple[str, ...]) -> None:
    for order in (names, names[::-1]):
        user = provider_world.user(f"user {order[0]}", home=units["north"])
        codes = [row.code for name in order for row in provider_world.run(give(units, name), user).refusals]

        assert set(codes) == {HeldApart.code}
        assert held(provider_world, user) < {units[name] for name in order}


@pytest.mark.parametrize("names", TOGETHER, ids=str)
def test_places_that_go_together_are_given_at_once_and_in_steps(provider_world: World, units: dict[str, int], names: tuple[str, ...]) -> None:
    one, other = (provider_world.user(name, home=units["north"]) for name in ("one", "other"))

    provider_world.run(give(units, *names), one)
    for name in names:
        provider_world.run(give(units, name), other)

    assert held(provider_world, one) == held(provider_world, other) == {units[name] for name in names}


def test_of_a_set_of_users_only_those_are_refused_who_hold_it_elsewhere(provider_world: World, units: dict[str, int]) -> None:
    free = provider_world.user("free", home=units["north"])
    already = provider_world.user("already", (ROLE, units["amber one"]), (ROLE, units["birch"]), home=units["north"])
    elsewhere = provider_world.user("elsewhere", (ROLE, units["birch"]), home=units["north"])

    result = provider_world.run(give(units, "amber one"), free, already, elsewhere)

    assert [(row.user_id, row.code) for row in result.refusals] == [(elsewhere, HeldApart.code)]
    assert (result.changed, result.same) == (1, 1)


def test_what_has_expired_or_is_another_role_stands_in_nobody_s_way(provider_world: World, units: dict[str, int]) -> None:
    user = provider_world.user("user", (ADMINISTRATOR, units["birch"]), home=units["north"])
    provider_world.grant(user, ROLE, units["birch"], expires_at=provider_world.now)

    assert provider_world.run(give(units, "amber one"), user).changed == 1


def test_what_is_taken_in_the_same_transaction_counts_no_more(provider_world: World, units: dict[str, int]) -> None:
    user = provider_world.user("user", (ROLE, units["amber"]), (ROLE, units["birch"]), home=units["north"])
    engine, session, console = provider_world.panel.engine, provider_world.session, provider_world.console
    take = TakeRole(role=ROLE, unit_ids=frozenset({units["amber"], units["birch"]}))

    engine.run_together(session, console, [give(units, "amber one"), take], only(user))

    assert held(provider_world, user) == {units["amber one"]}


@pytest.mark.parametrize("taken", [("amber",), ()], ids=str)
def test_what_is_not_taken_counts_and_nothing_of_it_is_done(provider_world: World, units: dict[str, int], taken: tuple[str, ...]) -> None:
    user = provider_world.user("user", (ROLE, units["amber"]), (ROLE, units["birch"]), home=units["north"])
    engine, session, console = provider_world.panel.engine, provider_world.session, provider_world.console
    other = [TakeRole(role=ADMINISTRATOR, unit_ids=frozenset({units["birch"]}))]
    takes = [TakeRole(role=ROLE, unit_ids=frozenset({units[name]})) for name in taken] or other

    with pytest.raises(Refusal) as refused:
        engine.run_together(session, console, [give(units, "amber one"), *takes], only(user))

    assert refused.type is HeldApart
    assert held(provider_world, user) == {units["amber"], units["birch"]}


def test_a_role_that_no_rule_names_is_held_anywhere(provider_world: World, units: dict[str, int]) -> None:
    own = provider_world.role("own", {"service_provider.reports": "view"}, owned_at=units["north"])
    user = provider_world.user("user", home=units["north"])

    provider_world.run(give(units, "amber one", "birch", role=own), user)

    assert {unit_id for role, unit_id in provider_world.held(user) if role == own} == {units["amber one"], units["birch"]}
