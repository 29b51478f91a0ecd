"""The disk of the database is full in the middle of a job: the job waits and says so, and goes on when there is space."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bo_panel.bootstrap.migrations import upgrade
from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DISABLE
from bo_panel.jobs.troubles import NO_SPACE
from bo_panel.settings import load
from bo_panel.testing import SqliteStore
from tests.conftest import HERE
from tests.faults.checking import assert_sound
from tests.faults.conftest import staged
from tests.faults.crowd import Crowd
from tests.faults.figures import Figures
from tests.faults.servers import Server, server
from tests.faults.stage import SHORT, Form, Stage

PLENTY = 1_000_000_000
FULL_FOR = 1.5
"""How many seconds the disk stays full."""


def outlived(stage: Stage, crowd: Crowd, job_id: int, space: Callable[[], object]) -> None:
    """Wait until the job stands still, see that it says so and that all is well, make space, and see the job through."""
    figures = Figures("disk full", stage)
    stuck = stage.until(job_id, lambda job: job.state.over or (job.refusal == "job.interrupted" and job.state is JobState.WAITING))
    assert stuck.state is JobState.WAITING, stage.log()[-3000:]
    assert stuck.told.startswith(NO_SPACE)
    time.sleep(FULL_FOR)
    assert all(worker.poll() is None for worker in stage.workers.values()), "a worker ended because the disk was full"
    stuck = stage.job(job_id)
    assert not stuck.state.over
    assert 0 < stuck.selected < stuck.expected
    with stage.world() as world:
        assert_sound(world.session, crowd, job_id)
    space()
    stage.over(job_id)
    with stage.world() as world:
        (account,) = assert_sound(world.session, crowd, job_id)
        assert (account.job.state, account.job.told) == (JobState.DONE, None)
        assert set(account.changed) == crowd.to_change()
        figures.note(f"full for {FULL_FOR} s with {stuck.selected:,} of {stuck.expected:,} done", account)


@pytest.fixture(scope="module")
def file_store(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    """Where files come from."""
    return SqliteStore(load("grove", {}, root=HERE / "deployment"), tmp_path_factory.mktemp("files"))


@pytest.fixture
def file_stage(file_store: SqliteStore, tmp_path: Path, form: Form) -> Iterator[Stage]:
    """A deployment on SQLite."""
    yield from staged(file_store, tmp_path, form)


def test_a_job_waits_for_space_on_sqlite(file_stage: Stage) -> None:
    stage, pages = file_stage, file_stage.folder / "pages"
    crowd = stage.crowd()
    job_id = stage.submit(crowd, DISABLE)
    with stage.panel.database.connect() as connection:
        now: int = connection.execute(text("PRAGMA page_count")).scalar_one()
    pages.write_text(str(now + stage.form.users // 40))
    stage.work(2, BO_TEST_PAGES=str(pages))

    outlived(stage, crowd, job_id, lambda: pages.write_text(str(PLENTY)))

    with stage.panel.database.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"


@pytest.fixture
def small_server(form: Form) -> Iterator[Server]:
    """A PostgreSQL whose tables are on a small disk."""
    with server(megabytes=64 if form is SHORT else 512) as found:
        found.run(f"CREATE TABLESPACE small LOCATION '{found.room}'", "ALTER DATABASE postgres SET default_tablespace = small")
        yield found


@pytest.fixture
def server_stage(small_server: Server, tmp_path: Path, form: Form) -> Iterator[Stage]:
    """A deployment on PostgreSQL with a small disk."""
    found = Stage(tmp_path / "deployment", form, {"DATABASE_URL": small_server.url})
    upgrade(found.panel)
    yield found
    found.close()


def test_a_job_waits_for_space_on_postgresql(server_stage: Stage, small_server: Server) -> None:
    crowd = server_stage.crowd()
    job_id = server_stage.submit(crowd, DISABLE)
    small_server.run("CHECKPOINT")
    small_server.leave(free=server_stage.form.users * 300)
    server_stage.work(2)

    outlived(server_stage, crowd, job_id, small_server.ballast.unlink)

    small_server.run("CHECKPOINT")
