"""The sign-in machine: one answer for whoever may not come in, a throttle that cannot be outrun, and sessions that end."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from bo_panel.bootstrap import Panel
from bo_panel.domain.lifecycle import DELETE, DISABLE, ENABLE, Status
from bo_panel.models import NEVER, SignInSession
from bo_panel.services.changes import ChangePassword, MoveUsers
from bo_panel.services.sign_in import Refused, Welcome
from bo_panel.services.sign_in.throttle import SPREAD
from bo_panel.testing import CheapHasher, StillClock, World

RIGHT = "correct horse battery staple"
ADDRESS = "203.0.113.7"


@pytest.fixture
def ann(world: World) -> int:
    return world.user("Ännchen", password=RIGHT, email="Ann@Example.com")


def enter(world: World, name: str, password: str = RIGHT, address: str = ADDRESS) -> Welcome | Refused:
    return world.panel.sign_in.enter(world.session, name, password, address=address, agent="Browser")


def token(world: World, name: str = "Ännchen") -> str:
    entered = enter(world, name)
    assert isinstance(entered, Welcome)
    return entered.token


def clock(world: World) -> StillClock:
    assert isinstance(world.panel.clock, StillClock)
    return world.panel.clock


def hashes(world: World, act: Callable[[], object]) -> int:
    hasher = world.panel.hasher
    assert isinstance(hasher, CheapHasher)
    before = hasher.calls
    act()
    return hasher.calls - before


@pytest.mark.parametrize("name", ["Ännchen", "ÄNNCHEN", " a\u0308nnchen ", "\u200bÄnn\u00adchen", "ann@example.com", "ANN@EXAMPLE.COM"])
def test_every_spelling_of_user_name_and_e_mail_signs_in(world: World, ann: int, name: str) -> None:
    assert world.panel.sign_in.who(world.session, token(world, name)).user_id == ann  # type: ignore[union-attr]
    assert world.row(ann).last_sign_in == world.now
    assert world.trail(ann) == [("account.signed_in", {}, {"address": ADDRESS})]


def test_wrong_unknown_disabled_deleted_and_without_password_are_answered_alike_at_the_cost_of_one_hash(world: World, ann: int) -> None:
    world.user("off", password=RIGHT, status=Status.DISABLED)
    world.user("gone", password=RIGHT, status=Status.DELETED)
    world.user("new", password=RIGHT, status=Status.INVITED)
    world.user("bare")
    nobodies = ("nobody", "off", "gone", "new", "bare", "")
    for name, password in (("Ännchen", "wrong"), *((name, RIGHT) for name in nobodies), ("\ud800", "\ud800")):
        answers: list[object] = []
        assert hashes(world, lambda: answers.append(enter(world, name, password))) == 1, name  # noqa: B023 called at once
        assert answers == [Refused()], name
    assert world.counts()["session"] == 0
    assert world.row(ann).last_sign_in == NEVER


def test_the_account_is_blocked_at_an_address_after_its_limit_for_every_spelling(world: World, ann: int) -> None:
    limit = world.panel.settings.sign_in.attempts_per_account
    spellings = ("Ännchen", "ÄNNCHEN", "a\u0308nnchen", "Ännchen ")
    for number in range(limit):
        assert enter(world, spellings[number % len(spellings)], "wrong", "198.51.100.7") == Refused()
    blocked = enter(world, "ännchen", RIGHT, "198.51.100.7")
    assert isinstance(blocked, Refused) and blocked.wait_until is not None and blocked.wait_until > world.now
    assert hashes(world, lambda: enter(world, "ännchen", RIGHT, "198.51.100.7")) == 0


def test_a_stranger_does_not_lock_somebody_out_who_signs_in_from_elsewhere(world: World, ann: int) -> None:
    for _ in range(world.panel.settings.sign_in.attempts_per_account + 5):
        enter(world, "Ännchen", "wrong", "203.0.113.66")
    assert isinstance(enter(world, "Ännchen", RIGHT, "198.51.100.7"), Welcome)


def test_many_addresses_together_get_only_so_many_tries_with_one_name(world: World, ann: int) -> None:
    most = world.panel.settings.sign_in.attempts_per_account * SPREAD
    for number in range(most):
        assert enter(world, "Ännchen", "wrong", f"198.51.{number // 250}.{number % 250}") == Refused()
    assert hashes(world, lambda: enter(world, "Ännchen", RIGHT, "203.0.113.1")) == 0


def test_a_block_and_a_window_end_with_the_clock_and_tries_while_blocked_do_not_prolong_it(world: World, ann: int) -> None:
    policy = world.panel.settings.sign_in
    for _ in range(policy.attempts_per_account):
        enter(world, "Ännchen", "wrong")
    clock(world).forward(minutes=policy.block_minutes - 1)
    assert enter(world, "Ännchen") != Refused() and isinstance(enter(world, "Ännchen"), Refused)
    clock(world).forward(minutes=2)
    assert isinstance(enter(world, "Ännchen"), Welcome)
    for _ in range(policy.attempts_per_account - 1):
        enter(world, "Ännchen", "wrong")
    clock(world).forward(minutes=policy.attempt_window_minutes + 1)
    assert enter(world, "Ännchen", "wrong") == Refused()
    assert isinstance(enter(world, "Ännchen"), Welcome)


def test_success_forgives_the_account(world: World, ann: int) -> None:
    limit = world.panel.settings.sign_in.attempts_per_account
    for _ in range(3):
        for _ in range(limit - 1):
            enter(world, "Ännchen", "wrong")
        assert isinstance(enter(world, "Ännchen"), Welcome)


def test_an_address_is_blocked_after_its_limit_whatever_the_names_and_blocks_no_account(world: World, ann: int) -> None:
    limit = world.panel.settings.sign_in.attempts_per_address
    for number in range(limit):
        assert enter(world, f"name{number}", "wrong") == Refused()
    for _ in range(world.panel.settings.sign_in.attempts_per_account + 1):
        blocked = enter(world, "Ännchen")
        assert isinstance(blocked, Refused) and blocked.wait_until is not None
    assert isinstance(enter(world, "Ännchen", address="198.51.100.1"), Welcome)


def test_many_parallel_tries_do_not_pass_the_limit(panel: Panel, world: World, ann: int) -> None:
    start = Barrier(50)
    failures: list[BaseException] = []

    def guess(number: int) -> None:
        with panel.session() as session:
            start.wait()
            try:
                panel.sign_in.enter(session, "Ännchen", f"guess {number}", address="198.51.100.7")
            except BaseException as failure:
                failures.append(failure)

    threads = [Thread(target=guess, args=(number,)) for number in range(50)]

    def all_at_once() -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    tried = hashes(world, all_at_once)
    assert not failures
    assert tried == panel.settings.sign_in.attempts_per_account


def test_a_session_ends_when_idle_and_in_any_case_after_the_longest_time(world: World, ann: int) -> None:
    policy, sign_in = world.panel.settings.sign_in, world.panel.sign_in
    idle = token(world)
    clock(world).forward(minutes=policy.session_idle_minutes - 1)
    assert sign_in.who(world.session, idle) is not None
    clock(world).forward(minutes=policy.session_idle_minutes - 1)
    assert sign_in.who(world.session, idle) is not None, "every click keeps it alive"
    clock(world).forward(minutes=policy.session_idle_minutes + 1)
    assert sign_in.who(world.session, idle) is None
    busy = token(world)
    for _ in range(policy.session_absolute_hours * 2):
        assert sign_in.who(world.session, busy) is not None
        clock(world).forward(minutes=30)
    clock(world).forward(minutes=1)
    assert sign_in.who(world.session, busy) is None


@pytest.mark.parametrize("move", [DISABLE, DELETE], ids=["disabled", "deleted"])
def test_whoever_is_shut_out_is_refused_at_once_on_every_open_session(world: World, ann: int, move: object) -> None:
    tokens = [token(world) for _ in range(3)]
    world.run(MoveUsers(move=move), ann)  # type: ignore[arg-type]
    assert [world.panel.sign_in.who(world.session, secret) for secret in tokens] == [None] * 3
    assert world.sessions(ann) == 0


def test_a_session_does_not_come_back_to_life_with_its_account(world: World, ann: int) -> None:
    secret = token(world)
    world.run(MoveUsers(move=DISABLE), ann)
    world.run(MoveUsers(move=ENABLE), ann)
    assert world.panel.sign_in.who(world.session, secret) is None


class SlowHasher(CheapHasher):
    """Lets something happen while a password is checked."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        """Remember what is to happen."""
        super().__init__()
        self.meanwhile = meanwhile

    def verify(self, stored: str | None, password: str) -> bool:
        """Return whether the password fits, after something happened."""
        self.meanwhile()
        return super().verify(stored, password)


@pytest.mark.parametrize("what", ["disabled", "given another password"])
def test_nobody_enters_who_is_disabled_or_given_another_password_while_his_own_is_checked(world: World, ann: int, what: str) -> None:
    def meanwhile() -> None:
        with world.panel.session() as session:
            other = World(world.panel, session)
            if what == "disabled":
                other.run(MoveUsers(move=DISABLE), ann)
            else:
                other.single(ChangePassword(password_hash="cheap$other"), by=other.actor(ann))

    machine = world.panel.sign_in
    slow = type(machine)(machine.policy, machine.registry, machine.clock, SlowHasher(meanwhile))
    assert slow.enter(world.session, "Ännchen", RIGHT) == Refused()
    assert world.sessions(ann) == 0


def test_each_sign_in_has_a_new_secret_that_is_stored_hashed(world: World, ann: int) -> None:
    tokens = {token(world) for _ in range(3)}
    assert len(tokens) == 3
    assert not tokens & set(world.session.scalars(select(SignInSession.token_hash)))
    assert "token" not in repr(Welcome("token")).replace("token=", "")


def test_leaving_ends_that_session_only(world: World, ann: int) -> None:
    first, second = token(world), token(world)
    found = world.panel.sign_in.who(world.session, first)
    assert found is not None
    world.panel.sign_in.leave(world.session, found.session_id)
    assert world.panel.sign_in.who(world.session, first) is None
    assert world.panel.sign_in.who(world.session, second) is not None


@pytest.mark.parametrize("secret", ["", "x", "\x00", "\udcff", "é" * 5000])
def test_a_made_up_secret_is_nobodys(world: World, secret: str) -> None:
    assert world.panel.sign_in.who(world.session, secret) is None
