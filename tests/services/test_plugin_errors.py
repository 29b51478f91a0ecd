"""Where plugins fail is written down: afterwards, and never as a reason to fail itself."""

from dataclasses import replace

from sqlalchemy import select, text

from bo_panel.bootstrap.faults import keep_faults
from bo_panel.domain.lifecycle import DISABLE
from bo_panel.hooks.faults import Fault
from bo_panel.models import PluginFailure
from bo_panel.queries.plugin_errors import failing, failures
from bo_panel.services.changes import MoveUsers
from bo_panel.services.plugin_errors import MOST
from bo_panel.testing import World

AREA = "grove.area"


def noted(world: World) -> list[tuple[str, str, str, int]]:
    world.session.rollback()
    return [(row.plugin, row.hook, row.place, row.count) for row in failures(world.session)]


def test_a_plugin_that_fails_at_a_change_is_written_down_after_it(world: World) -> None:
    user = world.user("cursed", home=world.unit(kind=AREA))
    for _ in range(2):
        assert world.run(MoveUsers(move=DISABLE), user).refused == 1
        assert world.session.scalars(select(PluginFailure)).all() == [] or _ == 1
        keep_faults(world.panel)

    [(plugin, hook, place, count)] = noted(world)
    assert (plugin, hook, count) == ("grove", "bo_object", 2)
    assert place.startswith("RuntimeError at plugin.py:")
    assert "spirits" not in place
    assert failing(world.session, world.now) == {"grove": 1}


def test_it_is_forgotten_as_news_after_a_day_and_stays_on_the_list(world: World) -> None:
    world.panel.host.faults.note(Fault("grove", "bo_object", "x"))
    keep_faults(world.panel)
    world.panel.clock.forward(hours=25)  # type: ignore[attr-defined]

    assert failing(world.session, world.now) == {}
    assert len(noted(world)) == 1


def test_only_the_last_places_of_a_plugin_are_kept(world: World) -> None:
    for number in range(MOST + 20):
        world.panel.host.faults.note(Fault("grove", "bo_object", f"at {number}"))
        world.panel.host.faults.note(Fault("other", "h" * 500, "p" * 500))
        if number % 40 == 0:
            keep_faults(world.panel)
            world.panel.clock.forward(minutes=1)  # type: ignore[attr-defined]
    keep_faults(world.panel)

    kept = noted(world)
    assert len([row for row in kept if row[0] == "grove"]) == MOST
    assert [row for row in kept if row[2] == "at 0"] == []


def test_what_cannot_be_written_fails_nothing_and_waits(world: World) -> None:
    panel = world.panel
    panel.host.faults.note(Fault("grove", "bo_object", "x"))
    with panel.database.begin() as connection:
        connection.execute(text("ALTER TABLE plugin_error RENAME TO plugin_error_away"))
    try:
        keep_faults(panel)
    finally:
        with panel.database.begin() as connection:
            connection.execute(text("ALTER TABLE plugin_error_away RENAME TO plugin_error"))
    assert panel.host.faults

    keep_faults(panel)
    assert noted(world) == [("grove", "bo_object", "x", 1)]
    assert replace(panel).host is panel.host
