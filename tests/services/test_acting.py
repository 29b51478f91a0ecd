"""What actions of plugins do: one change of the engine each, to those whom they are for."""

from dataclasses import replace

import pytest

from bo_panel.domain.errors import ActionGone, Invalid, NotAllowed, NotAtHome, NotForThem, Objected
from bo_panel.domain.lifecycle import Status
from bo_panel.hooks.on_users import Action
from bo_panel.jobs.tasks import ActOnThem, change_of
from bo_panel.services.changes import SwitchPlugin, change_named
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine.selection import Changed
from tests.services.conftest import Town

ASKS = {"title_one": "{name}?", "title_many": "{n}?"}
ACTIONS = (
    Action("grove.leave", "Leave", **ASKS, move="archive", statuses=(Status.ACTIVE,)),
    Action("grove.plant", "Plant", **ASKS, values={"grove.soil": "Clay", "grove.planted": "2026-01-31"}, needs=("grove.trees", "prune")),
    Action("grove.wrong", "Wrong", **ASKS, values={"grove.planted": "some day"}),
    Action("grove.fell", "Fell", **ASKS, gives=("grove.feller",), takes=("grove.viewer",)),
    Action("grove.page", "Page", ("toolbar",), page="/users/"),
)


@pytest.fixture
def acting(town: Town) -> Town:
    """The same town, in which the plugin has actions, and can be switched off."""
    host = town.world.panel.host
    plugins = tuple(replace(plugin, per_unit=True) for plugin in host.registry.plugins)
    registry = replace(host.registry, plugins=plugins, actions={action.key: action for action in ACTIONS})
    object.__setattr__(town.world, "panel", replace(town.world.panel, host=replace(host, registry=registry)))
    return town


def act(town: Town, key: str, *users: int, **more):
    change = change_named(town.world.panel.registry, key)
    assert change is not None
    return town.world.run(change, *users, **more)


def test_a_move_is_made_for_those_at_the_right_place_of_the_lifecycle_and_taken_back(acting: Town) -> None:
    assert act(acting, "disable", acting.bob).changed == 1

    result = act(acting, "grove.leave", acting.ann, acting.bob, by=acting.admin)
    assert (result.changed, [(row.user_id, row.code) for row in result.refusals]) == (1, [(acting.bob, NotForThem.code)])
    assert acting.world.row(acting.ann).status is Status.ARCHIVED

    acting.world.run(undo_of(acting.world.session, result.change_set_id), selection=Changed(result.change_set_id), by=acting.admin)
    assert acting.world.row(acting.ann).status is Status.ACTIVE


def test_values_are_set_and_asked_for_their_level_and_their_form(acting: Town) -> None:
    assert act(acting, "grove.plant", acting.ann, acting.bob, by=acting.admin).changed == 2
    assert acting.world.row(acting.bob).profile == {"grove.soil": "Clay", "grove.planted": "2026-01-31"}

    editor = acting.world.user("edda", ("grove.editor", acting.north), home=acting.north)
    with pytest.raises(NotAllowed):
        act(acting, "grove.plant", acting.bob, by=acting.world.actor(editor))
    acting.world.grant(editor, "grove.admin", acting.stand)
    result = act(acting, "grove.plant", acting.bob, by=acting.world.actor(editor))
    assert [row.code for row in result.refusals] == [NotAtHome.code]
    with pytest.raises(Invalid):
        act(acting, "grove.wrong", acting.bob)


def test_a_plugin_objects_to_it_as_to_the_change_that_it_makes(acting: Town) -> None:
    holy = acting.world.user("holy-oak", home=acting.north)

    assert [row.code for row in act(acting, "grove.fell", holy).refusals] == [Objected.code]


def test_it_is_not_done_where_its_plugin_is_off(acting: Town) -> None:
    acting.world.single(SwitchPlugin(plugin="grove", unit_id=acting.north, on=False))

    for key in ("grove.leave", "grove.fell"):
        result = act(acting, key, acting.ann, acting.sue)
        assert (result.changed, [row.code for row in result.refusals]) == (1, [NotForThem.code])


def test_a_page_makes_no_change_and_a_job_of_a_plugin_that_is_gone_ends(acting: Town) -> None:
    registry = acting.world.panel.registry
    assert change_named(registry, "grove.page") is None and change_named(registry, "grove.nothing") is None

    with pytest.raises(ActionGone):
        change_of(acting.world.session, registry, ActOnThem("grove.gone"))
