"""What users are found by follows what plugins declare as searched, when one goes, comes back, or says something else."""

from dataclasses import replace
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select

from bo_panel.jobs import Schedule, find_anew, searching
from bo_panel.models import Chore, User, UserSearch
from bo_panel.services.changes import EditUsers, profile
from bo_panel.services.changes.profile_values import found_by
from bo_panel.services.engine import Engine, Ids
from bo_panel.testing import World

FIELD = "grove.nickname"


def without(engine: Engine) -> Engine:
    """Return the engine of the same deployment once the plugin is taken out."""
    fields = {key: field for key, field in engine.host.registry.profile_fields.items() if key != FIELD}
    return replace(engine, host=replace(engine.host, registry=replace(engine.host.registry, profile_fields=fields)))


def look(world: World, engine: Engine) -> bool:
    world.session.rollback()
    return Schedule((find_anew(engine),)).look(world.session, world.now)


def found(world: World, word: str) -> list[int]:
    world.session.rollback()
    return list(world.session.scalars(select(UserSearch.user_id).where(UserSearch.document.contains(word)).order_by(UserSearch.user_id)))


def test_users_are_not_found_by_what_is_left_and_found_again_when_the_plugin_is_back(world: World) -> None:
    here, gone = world.panel.engine, without(world.panel.engine)
    saved, other, _third = (world.user(name, home=world.unit(kind="grove.area")) for name in ("ann", "bob", "sue"))
    world.run(EditUsers(profile={FIELD: "Zebra"}), saved, other)
    assert look(world, here) and found(world, "zebra") == [saved, other]

    assert look(world, gone) and found(world, "zebra") == []
    world.session.rollback()
    gone.run(world.session, world.console, EditUsers(values={"first_name": "Augusta"}), selection=Ids(frozenset({saved})))
    assert not look(world, gone)

    assert look(world, here) and found(world, "zebra") == [saved, other]
    assert found(world, "augusta") == [saved]
    assert len(world.session.scalars(select(Chore.name)).all()) == 1


def test_it_is_done_once_for_all_who_have_a_profile(world: World) -> None:
    for number in range(7):
        world.run(EditUsers(profile={FIELD: f"Number {number}"}), world.user(f"user.{number}", home=world.unit(kind="grove.area")))

    duty = find_anew(world.panel.engine)
    world.session.rollback()
    assert duty.work(world.session, world.now) == 7
    assert look(world, world.panel.engine) and not look(world, world.panel.engine)


def test_who_edits_somebody_meanwhile_is_not_undone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = world.user("ann", home=world.unit(kind="grove.area"), first_name="Old")
    world.run(EditUsers(profile={FIELD: "Zebra"}), ann)
    world.session.rollback()
    editing: list[Thread] = []

    def edited() -> None:
        with world.panel.session() as session:
            here = World(world.panel, session)
            here.panel.engine.run(session, here.console, EditUsers(values={"first_name": "Newname"}), Ids(frozenset({ann})))

    def slow(*given: Any) -> Any:
        if not editing:
            editing.append(Thread(target=edited))
            editing[0].start()
            editing[0].join(0.5)
        return found_by(*given)

    monkeypatch.setattr(profile, "found_by", slow)
    find_anew(world.panel.engine).work(world.session, world.now)
    editing[0].join()

    world.session.rollback()
    assert world.session.scalar(select(User.sort_name).where(User.id == ann)) == "newname"
    assert found(world, "newname") == [ann] and found(world, "zebra") == [ann]


def test_one_that_was_begun_with_other_fields_and_stopped_is_done_again(world: World) -> None:
    here, gone = world.panel.engine, without(world.panel.engine)
    ann = world.user("ann", home=world.unit(kind="grove.area"))
    world.run(EditUsers(profile={FIELD: "Zebra"}), ann)
    assert look(world, here)

    world.session.rollback()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(searching, "_slice_of", lambda *_given: 1 / 0)
        assert look(world, gone)

    assert look(world, here) and found(world, "zebra") == [ann]
