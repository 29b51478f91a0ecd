"""What `bo doctor` says of what goes on behind the pages."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from bo_panel.bootstrap import Panel
from bo_panel.domain.jobs import JobState
from bo_panel.jobs.chores import PRESENCE
from bo_panel.models import Base, Chore, Job, PluginFailure
from bo_panel.services.engine import writing
from bo_panel.settings import load
from tests.cli.conftest import Bo

Write = Callable[..., None]
LONG_AGO = timedelta(hours=3)
JOB = {"actor_name": "console", "door": "cli", "task": {}, "selection": {}}


@pytest.fixture
def write(filled: Bo, root: Path) -> Write:
    """Write a row past everything."""

    def written(table: type[Base], **values: Any) -> None:
        panel = Panel.start(load("service_provider", {}, root=root))
        with panel.session() as session, writing(session):
            session.execute(insert(table).values(values))
        panel.database.dispose()

    return written


def found(bo: Bo, about: str) -> tuple[str, str]:
    [finding] = [finding for finding in bo("doctor", "--json").json if finding["about"] == about]
    return finding["state"], finding["says"]


def now() -> datetime:
    return datetime.now(UTC)


def test_only_plugins_that_are_in_use_are_told_to_have_failed(filled: Bo, write: Write) -> None:
    for plugin in ("service_provider", "gone"):
        write(PluginFailure, plugin=plugin, hook="bo_object", place="x", count=1, first_at=now(), last_at=now())

    state, says = found(filled, "health")
    assert (state, says.partition(" in the last day")[0]) == ("warn", "service_provider failed in 1 place")
    assert "gone" not in says


def test_with_nothing_amiss_it_complains_of_nothing_but_the_backup(filled: Bo) -> None:
    assert found(filled, "redis") == ("ok", "not used")
    assert found(filled, "worker") == ("ok", "bo serve does the jobs too; none was ever seen")
    assert found(filled, "jobs")[0] == "ok"
    assert found(filled, "backups") == ("warn", "none was made on this machine. Run: bo -d service_provider db backup")
    assert filled("doctor").code == 0


def test_redis_that_cannot_be_reached_is_told_without_its_password(filled: Bo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://:hunter2@127.0.0.1:1/0")
    began = time.monotonic()

    state, says = found(filled, "redis")

    assert (state, "unreachable" in says, "hunter2" in says) == ("warn", True, False)
    assert time.monotonic() - began < 5


def test_an_address_of_redis_that_means_nothing_is_told(filled: Bo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "nonsense")

    assert found(filled, "redis")[0] == "warn"


def test_a_worker_that_is_missing_where_nobody_else_does_the_jobs_is_told(filled: Bo, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BO_JOBS__IN_PROCESS", "false")
    assert found(filled, "worker") == ("warn", "none was ever seen, and jobs.in_process is false. Run: bo -d service_provider worker")

    filled("worker", "--once")
    assert found(filled, "worker") == ("ok", "one was last seen 0 minutes ago")


def test_a_worker_that_fell_silent_is_told(filled: Bo, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BO_JOBS__IN_PROCESS", "false")
    write(Chore, name=PRESENCE, done_at=now() - LONG_AGO)

    assert found(filled, "worker")[1].startswith("one was last seen 3 hours ago, and")


def test_jobs_that_wait_stick_or_fail_are_told(filled: Bo, write: Write) -> None:
    write(Job, **JOB, created_at=now())
    write(Job, **JOB, created_at=now(), state=JobState.RUNNING, lease_until=now())
    write(Job, **JOB, created_at=now(), state=JobState.FAILED, finished_at=now() - timedelta(days=8))
    assert found(filled, "jobs")[0] == "ok"

    write(Job, **JOB, created_at=now() - LONG_AGO)
    write(Job, **JOB, created_at=now(), state=JobState.RUNNING, lease_until=now() - LONG_AGO)
    write(Job, **JOB, created_at=now(), state=JobState.FAILED, finished_at=now() - LONG_AGO)

    state, says = found(filled, "jobs")
    assert state == "warn"
    for part in ("1 waiting, the first of them given in 3 hours ago", "1 left by a worker that died", "1 failed in the last days, such as job 6"):
        assert part in says


def test_a_backup_that_is_old_is_told_until_there_is_a_new_one(filled: Bo, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled("db", "backup", str(tmp_path / "elsewhere.zip"))
    assert found(filled, "backups") == ("ok", "the last one was made 0 minutes ago")
    old = time.time() - 8 * 24 * 3600
    os.utime(root / "var" / "service_provider" / "backups" / "last", (old, old))
    assert found(filled, "backups")[1].startswith("the last one was made 8 days ago. Run:")

    monkeypatch.setenv("BO_HOUSEKEEPING__BACKUP_DAYS", "0")
    assert found(filled, "backups")[0] == "ok"
