"""Why somebody can or cannot: the same answer as the guard's, from the grants that whoever asks may see."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st

from bo_panel.domain.access import at_or_below
from bo_panel.domain.actors import ROOT
from bo_panel.domain.units import UnitPath
from bo_panel.queries.access import access_of
from bo_panel.queries.roles import roles_at
from bo_panel.queries.unit_tree import way_to
from bo_panel.queries.visible import Scope
from bo_panel.queries.why import Explanation, explained
from bo_panel.testing import World
from tests.worlds import UNIT_IDS, plant, worlds

Check = Callable[..., Callable[[Callable[..., None]], None]]
EVERYWHERE = Scope((ROOT,))
RESOURCES = ("users", "units", "grove.trees")


def why(world: World, user_id: int, unit_id: int, scope: Scope = EVERYWHERE) -> Explanation:
    way = way_to(world.session, unit_id)
    book = roles_at(world.session, world.panel.registry, way[-1].path)
    return explained(world.session, book, scope, world.row(user_id), way, now=world.now)


def test_it_says_what_the_guard_says(world: World, check: Check) -> None:
    @check(worlds())
    def holds(drawn) -> None:  # type: ignore[no-untyped-def]
        plant(world, drawn)
        for user_id, status in drawn.statuses.items():
            access = access_of(world.session, user_id, world.panel.registry, world.now)
            for unit_id, path in drawn.paths.items():
                found = why(world, user_id, unit_id)
                assert found.vector == access.at(UnitPath(path)) == drawn.access(world, user_id, path)
                assert not found.partial
                assert found.shut_out is (status != "active")
                for resource in RESOURCES:
                    ladder = world.panel.registry.catalogue.ladders[world.panel.registry.catalogue.position(resource)]
                    for level in ladder.levels:
                        expected = status == "active" and access.allows(resource, level, UnitPath(path))
                        assert found.allows(resource, level) is expected


def test_what_decides_gives_it_and_what_would_give_more_does(world: World, check: Check) -> None:
    @check(worlds(), st.sampled_from(RESOURCES), share=0.6)
    def holds(drawn, resource) -> None:  # type: ignore[no-untyped-def]
        plant(world, drawn)
        position = world.panel.registry.catalogue.position(resource)
        for unit_id, path in drawn.paths.items():
            found = why(world, 1, unit_id)
            answer = found.answer(resource)
            assert bool(answer.deciding) is (answer.rung > 0)
            assert {grant.vector[position] for grant in answer.deciding} <= {answer.rung}
            assert all(UnitPath(drawn.paths[grant.place.id]).covers(UnitPath(path)) for grant in answer.deciding)
            for key, place in answer.would_give:
                assert drawn.vector(world, key)[position] > answer.rung
                assert place.path.covers(UnitPath(path))


def test_a_narrow_view_never_says_more_than_is_true_and_says_of_everybody_alike_that_it_is_narrow(world: World, check: Check) -> None:
    @check(worlds(), st.sampled_from(UNIT_IDS), share=0.6)
    def holds(drawn, top) -> None:  # type: ignore[no-untyped-def]
        plant(world, drawn)
        if top not in drawn.paths:
            return
        scope = Scope((UnitPath(drawn.paths[top]),))
        for unit_id, path in drawn.paths.items():
            if not scope.covers(UnitPath(path)):
                continue
            told = {user_id: why(world, user_id, unit_id, scope) for user_id in drawn.homes}
            assert {found.partial for found in told.values()} == {top != 1}
            for user_id, found in told.items():
                assert at_or_below(found.vector, drawn.access(world, user_id, path))
                assert all(scope.covers(grant.place.path) for grant in found.seen)
                assert all(scope.covers(place.path) for answer in found.answers() for _key, place in answer.would_give)


def test_expired_grants_and_roles_that_are_gone_are_told_and_give_nothing(world: World) -> None:
    area = world.unit("North", kind="grove.area")
    ann = world.user("ann", ("gone", area), home=area)
    world.grant(ann, "grove.admin", area, expires_at=world.now - timedelta(days=1))
    world.grant(ann, "grove.editor", area, expires_at=world.now + timedelta(days=1))

    found = why(world, ann, area)

    told = {grant.role: (grant.expired(found.now), grant.known) for grant in found.here}
    assert told == {"member": (False, True), "gone": (False, False), "grove.admin": (True, True), "grove.editor": (False, True)}
    answer = found.answer("users", "delete")
    assert (answer.level, answer.next_level) == ("edit", "delete")
    assert [grant.role for grant in answer.deciding] == ["grove.editor"]
    assert [key for key, _place in answer.would_give] == ["grove.users", "grove.admin", "owner"]


def test_a_role_that_fits_only_above_is_told_with_the_place_above(provider_world: World) -> None:
    world = provider_world
    provider = world.unit("Acme", kind="service_provider.provider")
    account = world.unit("Account", kind="service_provider.account", below=provider)
    sub = world.unit("Sub", kind="service_provider.sub_account", below=account)
    ann = world.user("ann", home=provider)

    answer = why(world, ann, sub).answer("service_provider.billing", "edit")

    assert [(key, place.name) for key, place in answer.would_give] == [("service_provider.administrator", "Acme"), ("owner", "Acme")]
