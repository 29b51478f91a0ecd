"""What somebody may give, and who holds what."""

from collections.abc import Callable
from datetime import timedelta

from bo_panel.domain.access import at_or_below
from bo_panel.domain.actors import ROOT
from bo_panel.domain.errors import Refusal
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.units import UnitPath
from bo_panel.queries.giving import Giver
from bo_panel.queries.holders import holders
from bo_panel.queries.roles import role_book
from bo_panel.queries.visible import Scope
from bo_panel.services import guard
from bo_panel.services.engine import Context
from bo_panel.testing import World
from tests.worlds import plant, worlds

Check = Callable[..., Callable[[Callable[..., None]], None]]
EVERYWHERE = Scope((ROOT,))


def given(context: Context, book, key: str, path: UnitPath) -> bool:  # type: ignore[no-untyped-def]
    try:
        guard.may_give(guard.giving(context, book, (key,)), key, (path, "grove.corner", "Unit"))
    except Refusal:
        return False
    return True


def test_a_role_may_be_given_exactly_where_the_guard_lets_it_be_given(world: World, check: Check) -> None:
    @check(worlds(), share=0.6)
    def holds(drawn) -> None:  # type: ignore[no-untyped-def]
        plant(world, drawn)
        actor, book = world.actor(1), role_book(world.session, world.panel.registry)
        context = Context(world.session, world.panel.registry, actor, world.now)
        reach = actor.access.reach("users", "edit")
        for key in (*world.panel.registry.roles, *book.stored):
            if not book.fits(key, "grove.corner"):
                continue
            giving = Giver(actor.access, reach).giving(book, key)
            for path in map(UnitPath, drawn.paths.values()):
                mine = Scope(reach).covers(path)
                assert Scope(giving.places).covers(path) is (mine and given(context, book, key, path)), key
            if giving.nearest is not None:
                assert giving.too_high
                assert not at_or_below(book.vector_of(key), actor.access.at(giving.nearest))


def test_who_holds_a_role_is_counted_once_where_one_may_look(world: World) -> None:
    north, south = (world.unit(name, kind="grove.area") for name in ("North", "South"))
    stand = world.unit("Stand", kind="grove.stand", below=north)
    world.user("ann", ("grove.viewer", north), ("grove.viewer", stand), home=north)
    world.user("bob", ("grove.viewer", south), home=north)
    world.user("gone", ("grove.viewer", north), home=north, status=Status.DELETED)
    world.grant(world.user("late", home=north), "grove.viewer", north, expires_at=world.now - timedelta(days=1))

    everywhere = holders(world.session, EVERYWHERE, world.now)
    in_north = holders(world.session, Scope((UnitPath.of(1, north),)), world.now)

    assert (everywhere.users, everywhere.complete) == ({"member": 3, "grove.viewer": 2}, True)
    assert in_north.users == {"member": 3, "grove.viewer": 1}
    assert holders(world.session, Scope(()), world.now).users == {}
    assert not holders(world.session, EVERYWHERE, world.now, most=3).complete
