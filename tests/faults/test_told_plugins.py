"""Whoever tells a plugin is killed, again and again: it hears of everything, in order, and of little twice."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DISABLE
from bo_panel.jobs.outbox import AT_ONCE
from bo_panel.models import AuditEvent, Outgoing
from bo_panel.queries.sql import database_time
from bo_panel.testing import Store
from tests.faults.checking import assert_sound
from tests.faults.conftest import staged
from tests.faults.figures import Figures
from tests.faults.stage import Form, Stage


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the plugin writes."""
    found = tmp_path / "heard"
    found.touch()
    return found


@pytest.fixture
def stage(store: Store, tmp_path: Path, form: Form, file: Path) -> Iterator[Stage]:
    """A deployment with a plugin that listens."""
    listening = {"BO_DEPLOYMENT__PLUGINS": '["grove", "listener"]', "BO_PLUGINS__LISTENER__FILE": str(file)}
    yield from staged(store, tmp_path, form, **listening, BO_OUTBOX__LEASE_SECONDS=str(form.lease))


def heard(file: Path) -> list[tuple[int, ...]]:
    """Return what the plugin heard, in order: by which process, the number in the audit log, the user."""
    return [tuple(map(int, line.split())) for line in file.read_text().splitlines()]


def ends(file: Path) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the first line and the last whole one, without reading what is between them."""
    with file.open("rb") as lines:
        first = lines.readline()
        lines.seek(max(0, lines.seek(0, os.SEEK_END) - 200))
        last = lines.read().rpartition(b"\n")[0].rpartition(b"\n")[2]
    return tuple(map(int, first.split())), tuple(map(int, last.split()))


def at_work(stage: Stage, file: Path, enough: int) -> bool:
    """Return whether the plugin heard of so many, and just now hears more from somebody alive."""
    first, last = ends(file)
    return bool(last) and last[1] - first[1] >= enough and last[0] in stage.workers and in_hand(stage)


def in_hand(stage: Stage) -> bool:
    """Return whether something is being told, or whoever told it is dead and its lease not yet over."""
    with stage.panel.session() as session:
        return session.scalar(select(Outgoing.id).where(Outgoing.not_before > database_time(session)).limit(1)) is not None


def left(stage: Stage) -> int:
    with stage.panel.session() as session:
        return session.scalar(select(func.count()).select_from(Outgoing)) or 0


def wait_for(stage: Stage, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + stage.form.patience
    while not condition():
        assert time.monotonic() < end, stage.log()[-4000:]
        time.sleep(0.01)


def kill_teller(stage: Stage, file: Path) -> bool:
    """Kill the process that the plugin heard last; return whether it died in the middle of telling."""
    victim = stage.workers.pop(ends(file)[1][0])
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    return in_hand(stage)


def test_a_plugin_hears_of_everything_however_often_whoever_tells_it_is_killed(stage: Stage, file: Path) -> None:
    crowd = stage.crowd()
    job_id = stage.submit(crowd, DISABLE)
    figures, hits, kills = Figures("kill −9 of whoever tells a plugin", stage), 0, 0
    stage.work(2)
    share = stage.form.users // (stage.form.kills + 2)

    while hits < stage.form.kills:
        wait_for(stage, partial(at_work, stage, file, share * (hits + 1)))
        kills += 1
        hits += kill_teller(stage, file)
        assert kills <= 5 * stage.form.kills, "hardly any kill hits somebody who tells"
        stage.work(2 - len(stage.workers))
    stage.over(job_id)
    wait_for(stage, lambda: left(stage) == 0)

    with stage.world() as world:
        (account,) = assert_sound(world.session, crowd, job_id)
        assert account.job.state is JobState.DONE
        theirs = select(AuditEvent.id).where(AuditEvent.change_set_id == account.job.change_set_id)
        trail = list(world.session.scalars(theirs.order_by(AuditEvent.id)))
        numbers = [number for _pid, number, _user in heard(file)]
        assert list(dict.fromkeys(numbers)) == trail, "something was lost, or came before its turn"
        assert {user for _pid, _number, user in heard(file)} == set(account.changed) == crowd.to_change()
        assert len(trail) == len(account.changed) == account.job.changed
        again = Counter(numbers)
        assert max(again.values()) <= 2 + kills
        assert sum(again.values()) - len(again) <= (kills + 1) * min(AT_ONCE, stage.form.chunk)  # and a lease may run out on a slow machine
        figures.note(f"{hits} kills in the middle of telling, of {kills}; {len(again):,} events told, {len(numbers) - len(again):,} twice", account)
