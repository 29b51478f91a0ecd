"""What happens at the same moment: real threads, each with a session of its own."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from bo_panel.bootstrap import Panel
from bo_panel.domain.access import OWNER
from bo_panel.domain.actors import Actor
from bo_panel.domain.errors import EmailTaken, Refusal, UserNameTaken
from bo_panel.domain.lifecycle import DISABLE, ENABLE, Status
from bo_panel.domain.plans import Result
from bo_panel.models import Unit, User
from bo_panel.queries.users import Wanted
from bo_panel.services.changes import CreateUnit, CreateUser, EditUsers, GiveRole, MoveUnit, MoveUsers, TakeRole
from bo_panel.services.engine import Context, Matching, SetChange, SingleChange, only
from bo_panel.testing import World

REPEATS = 20
Outcome = Result | Refusal


def together(panel: Panel, *acts: Callable[[World], Result]) -> list[Outcome]:
    """Return what each act came to, all begun at once; an exception that is no refusal is raised."""
    start, outcomes, failures = Barrier(len(acts)), dict[int, Outcome](), list[BaseException]()

    def go(number: int, act: Callable[[World], Result]) -> None:
        with panel.session() as session:
            start.wait()
            try:
                outcomes[number] = act(World(panel, session))
            except Refusal as refusal:
                outcomes[number] = refusal
            except BaseException as failure:  # raised again below, in the thread of the test
                failures.append(failure)

    threads = [Thread(target=go, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return [outcomes[number] for number in range(len(acts))]


def run(change: SetChange, user_id: int, by: Actor) -> Callable[[World], Result]:
    return lambda world: world.panel.engine.run(world.session, by, change, only(user_id))


def single(change: SingleChange, by: Actor) -> Callable[[World], Result]:
    return lambda world: world.single(change, by=by)


def changed(outcomes: Sequence[Outcome]) -> int:
    return sum(1 for outcome in outcomes if isinstance(outcome, Result) and outcome.changed)


def is_owner_who_can_sign_in(world: World, user_id: int, unit: int) -> bool:
    return world.row(user_id).status.value == "active" and (OWNER, unit) in world.held(user_id)


@pytest.mark.parametrize("how", ["disabled by a third", "disabled by each other", "lowered by a third", "lowered by each other"])
def test_of_two_who_unseat_the_last_two_owners_one_wins(world: World, how: str) -> None:
    unit = world.unit("North", kind="grove.area")
    owners = [world.user(name, (OWNER, unit), home=unit) for name in ("ann", "bob")]
    change: SetChange = MoveUsers(move=DISABLE) if "disabled" in how else TakeRole(role=OWNER, unit_ids=frozenset({unit}))
    actors = [world.console] * 2 if "third" in how else [world.actor(owner) for owner in reversed(owners)]
    for _ in range(REPEATS):
        outcomes = together(world.panel, *(run(change, owner, by) for owner, by in zip(owners, actors, strict=True)))
        world.session.rollback()
        left = [owner for owner in owners if is_owner_who_can_sign_in(world, owner, unit)]
        assert len(left) == changed(outcomes) == 1, outcomes
        (lost,) = set(owners) - set(left)
        if "disabled" in how:
            world.run(MoveUsers(move=ENABLE), lost)
        else:
            world.run(GiveRole(role=OWNER, unit_ids=frozenset({unit})), lost)


@pytest.mark.parametrize(("field", "refusal"), [("user_name", UserNameTaken), ("email", EmailTaken)])
def test_one_name_that_several_want_at_once_is_given_once_and_the_others_are_refused(world: World, field: str, refusal: type[Refusal]) -> None:
    for turn in range(5):
        wanted = [{"user_name": f"{turn}-{number}", field: f"Jo{turn}@example.com"} for number in range(4)]
        acts = [single(CreateUser(values=values, home_id=1), world.console) for values in wanted]
        outcomes = together(world.panel, *acts)
        assert changed(outcomes) == 1
        assert [type(outcome) for outcome in outcomes if not isinstance(outcome, Result)] == [refusal] * 3


def test_a_user_name_and_an_e_mail_wanted_at_once_are_not_given_to_two(world: World) -> None:
    for turn in range(5):
        name = f"jo{turn}@example.com"
        mine = single(CreateUser(values={"user_name": name}, home_id=1), world.console)
        theirs = single(CreateUser(values={"user_name": f"other{turn}", "email": name}, home_id=1), world.console)
        assert changed(together(world.panel, mine, theirs)) == 1


def test_one_role_given_twice_at_once_is_held_once_and_nobody_fails(world: World) -> None:
    for turn in range(5):
        user_id = world.user(f"ann{turn}")
        act = run(GiveRole(role="grove.viewer", unit_ids=frozenset({1})), user_id, world.console)
        outcomes = together(world.panel, act, act, act)
        assert changed(outcomes) == 1
        assert all(isinstance(outcome, Result) for outcome in outcomes)


def test_paths_stay_whole_while_units_are_made_and_moved_at_once(world: World) -> None:
    tops = [world.unit(name, kind="grove.area") for name in ("North", "South")]
    for turn in range(5):
        stand = world.unit(f"Stand {turn}", kind="grove.stand", below=tops[0])
        plot = world.unit(f"Plot {turn}", kind="grove.plot", below=tops[0])
        world.session.rollback()
        together(
            world.panel,
            single(MoveUnit(unit_id=stand, parent_id=tops[1]), world.console),
            single(MoveUnit(unit_id=plot, parent_id=stand), world.console),
            single(CreateUnit(kind="grove.corner", parent_id=plot, name="Corner"), world.console),
            single(CreateUnit(kind="grove.corner", parent_id=stand, name="Corner"), world.console),
        )
        world.session.rollback()
        units = {unit.id: unit for unit in world.session.scalars(select(Unit).execution_options(populate_existing=True))}
        assert {unit.id: unit.path for unit in units.values()} == {
            unit.id: f"{units[unit.parent_id].path}{unit.id}/" if unit.parent_id else "/1/" for unit in units.values()
        }


def test_a_user_whom_two_edit_at_once_from_one_version_is_saved_by_one(world: World) -> None:
    user_id = world.user("ann")
    for turn in range(5):
        version = world.row(user_id).version
        world.session.rollback()
        acts = [run(EditUsers(values={"first_name": f"{turn}.{number}"}, expected_version=version), user_id, world.console) for number in range(3)]
        together(world.panel, *acts)
        world.session.rollback()
        assert world.session.scalar(select(User.version).where(User.id == user_id)) == version + 1


def test_whoever_stops_matching_before_he_is_held_is_left_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    if world.panel.database.dialect.name == "sqlite":  # nobody else writes once a change has begun
        return
    ann, bob = (world.user(name) for name in ("ann", "bob"))
    check = GiveRole.check

    def meddled(change: GiveRole, context: Context) -> None:
        check(change, context)
        with world.panel.session() as session:
            World(world.panel, session).run(MoveUsers(move=DISABLE), ann)

    monkeypatch.setattr(GiveRole, "check", meddled)
    result = world.run(GiveRole(role="grove.viewer", unit_ids=frozenset({1})), selection=Matching(Wanted(statuses=(Status.ACTIVE,))))
    assert (result.selected, result.changed) == (1, 1)
    assert ("grove.viewer", 1) in world.held(bob)
    assert ("grove.viewer", 1) not in world.held(ann)
