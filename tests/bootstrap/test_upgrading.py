"""Upgrades: a backup first, one at a time, and all as before where a step fails."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import inspect, text

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.backups import Upgraded, restore, upgrade_safely
from bo_panel.bootstrap.backups.archive import Manifest
from bo_panel.bootstrap.backups.upgrading import WAITS
from bo_panel.bootstrap.database import make_engine
from bo_panel.bootstrap.migrations import pending
from bo_panel.hooks.problems import PluginError
from bo_panel.hooks.registry import LoadedPlugin
from bo_panel.services.engine.transaction import WRITES
from bo_panel.testing import World
from tests.bootstrap.programs import need_programs

REVISION = """
\"\"\"A table.\"\"\"

import time

from alembic import op

from bo_panel.bootstrap.database import A_WHILE

revision, down_revision = "late_0001", None


def upgrade() -> None:
    op.execute("CREATE TABLE p_late_entry (id INTEGER)")
    {rest}
"""
AS_FAR_AS = {
    "works": "",
    "works slowly": "time.sleep(2 * A_WHILE)",
    "fails": "1 / 0",
    "commits and fails": "op.get_bind().connection.dbapi_connection.commit(); 1 / 0",
}

Late = Callable[[str], Panel]


@pytest.fixture
def late(panel: Panel, tmp_path: Path) -> Iterator[Late]:
    """Return the panel with somebody in it, and with a plugin more, whose tables are still to be made."""
    need_programs(panel)
    settings = panel.settings.model_copy()
    settings._root = tmp_path / "root"
    with panel.session() as session:
        World(panel, session).user("ann")

    def made(kind: str) -> Panel:
        versions = tmp_path / "late" / "migrations" / "versions"
        versions.mkdir(parents=True)
        (versions / "late_0001.py").write_text(REVISION.format(rest=AS_FAR_AS[kind]))
        plugin = LoadedPlugin("late", "1.0", "1.0", (), False, "", "here", tmp_path / "late", ())
        registry = replace(panel.registry, plugins=(*panel.registry.plugins, plugin))
        return replace(panel, settings=settings, host=replace(panel.host, registry=registry))

    yield made
    with panel.database.connect() as connection, connection.execution_options(**{WRITES: True}).begin():
        for table in ("p_late_entry", "alembic_version_p_late"):
            connection.execute(text(f"DROP TABLE IF EXISTS {table}"))


def tables(panel: Panel) -> set[str]:
    found = set(inspect(panel.database).get_table_names())
    panel.database.dispose()
    return found


def test_a_backup_from_before_can_be_put_back(late: Late) -> None:
    panel, told = late("works"), []

    done = upgrade_safely(panel, told=told.append)

    assert done.ran == {"late": ["late_0001"]}
    assert done.before is not None and "before-upgrade" in done.before.name
    assert told == [f"The backup from before is {done.before}"]
    assert "p_late_entry" in tables(panel) - set(Manifest.read(done.before).counts)
    restore(panel, done.before)
    assert "p_late_entry" not in tables(panel)
    assert pending(panel) == {"late": ["late_0001"]}
    panel.database.dispose()


def test_where_nothing_is_pending_or_nobody_wants_it_no_backup_is_made(late: Late) -> None:
    panel = late("works")

    assert upgrade_safely(panel, keep=False) == Upgraded({"late": ["late_0001"]}, None)
    assert upgrade_safely(panel) == Upgraded({}, None)


@pytest.mark.parametrize("kind", ["fails", "commits and fails"])
def test_a_step_that_fails_leaves_all_as_before(late: Late, kind: str) -> None:
    panel = late(kind)
    before = tables(panel)

    with pytest.raises(PluginError) as failed:
        upgrade_safely(panel)

    [problem] = failed.value.problems
    assert str(problem).startswith("late › migrations: failed (ZeroDivisionError at late_0001.py:")

    assert tables(panel) - {"alembic_version_p_late"} == before
    assert pending(panel) == {"late": ["late_0001"]}
    with panel.session() as session:
        assert World(panel, session).counts()["user"] == 1
    panel.database.dispose()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def (", "failed (SyntaxError at late_0002.py:1)."),
        ("revision, down_revision = 'late_0002', 'nope'", "failed ("),
        (REVISION.format(rest="op.execute('raise')").replace('"late_0001", None', '"late_0002", "late_0001"'), "the database refuses it: "),
    ],
    ids=["cannot be read", "stands on nothing", "means nothing to the database"],
)
def test_a_migration_that_cannot_be_run_is_told_with_its_plugin(late: Late, source: str, said: str) -> None:
    panel = late("works")
    plugin = panel.registry.plugins[-1]
    (plugin.folder / "migrations" / "versions" / "late_0002.py").write_text(source)
    before = tables(panel)

    with pytest.raises(PluginError) as failed:
        upgrade_safely(panel)

    [problem] = failed.value.problems
    assert str(problem).startswith(f"late › migrations: {said}")
    assert tables(panel) - {"alembic_version_p_late"} == before
    panel.database.dispose()


def test_of_two_at_once_the_second_says_that_it_waits_and_finds_nothing_to_do(late: Late) -> None:
    panel, done = late("works slowly"), []

    def run() -> None:
        own, told = replace(panel, database=make_engine(panel.settings)), []
        done.append((upgrade_safely(own, told=told.append), told))
        own.database.dispose()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    [(first, said), (second, heard)] = sorted(done, key=lambda each: len(each[0].ran), reverse=True)
    assert (first.ran, said) == ({"late": ["late_0001"]}, [f"The backup from before is {first.before}"])
    assert (second, heard) == (Upgraded({}, None), [WAITS])


def test_without_the_program_for_it_the_upgrade_goes_on_and_says_so(late: Late, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    panel, told = late("works"), []
    monkeypatch.setenv("PATH", str(tmp_path))

    done = upgrade_safely(panel, told=told.append)

    assert done.ran == {"late": ["late_0001"]}
    if panel.database.dialect.name == "postgresql":
        assert done.before is None
        assert "pg_dump is not installed" in told[0]
    else:
        assert done.before is not None
