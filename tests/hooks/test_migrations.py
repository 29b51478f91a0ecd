"""A plugin's tables: its own history, its own names, on both databases."""

import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, Table, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from bo_panel.hooks.host import Host
from bo_panel.hooks.migrations import orphans, pending, tables_of, upgrade_plugin, version_table
from bo_panel.hooks.problems import PluginError
from bo_panel.hooks.registry import LoadedPlugin
from bo_panel.sdk import plugin_base
from bo_panel.settings import Settings

HERE = Path(__file__).parent
POSTGRES = os.environ.get("BO_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
BOTH = ["guest_book_0001", "guest_book_0002"]


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = create_engine(f"sqlite:///{tmp_path / 'plugins.db'}")
        yield made
        made.dispose()
    else:
        yield from scratch()


def scratch() -> Iterator[Engine]:
    name = f"bo_plug_{uuid.uuid4().hex[:12]}"
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError:
        if os.environ.get("BO_TEST_STRICT") == "1":
            raise
        pytest.skip("no PostgreSQL listens at BO_TEST_POSTGRES")
    made = create_engine(make_url(POSTGRES).set(database=name))
    try:
        yield made
    finally:
        made.dispose()
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name}"))
        server.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as opened:
        yield opened


@pytest.fixture
def plugin() -> LoadedPlugin:
    settings = Settings.model_validate({"deployment": {"plugins": ["guest_book"]}})
    return Host.compile(settings, HERE).registry.plugins[0]


@pytest.fixture
def copied(plugin: LoadedPlugin, tmp_path: Path) -> LoadedPlugin:
    """The plugin in a folder that a test may change."""
    return replace(plugin, folder=Path(shutil.copytree(plugin.folder, tmp_path / "50% copied" / "guest_book")))


def test_what_is_pending_runs_once_and_in_order(connection: Connection, plugin: LoadedPlugin) -> None:
    assert pending(connection, plugin) == BOTH
    assert upgrade_plugin(connection, plugin) == BOTH
    connection.commit()

    assert pending(connection, plugin) == []
    assert upgrade_plugin(connection, plugin) == []
    assert set(inspect(connection).get_table_names()) == {"p_guest_book_entry", version_table("guest_book")}


def test_the_models_equal_the_migrations(connection: Connection, plugin: LoadedPlugin) -> None:
    import bo_panel_local.guest_book.models as models  # type: ignore[import-not-found]

    upgrade_plugin(connection, plugin)
    options = {"include_name": lambda name, kind, _above: kind != "table" or name.startswith("p_")}
    context = MigrationContext.configure(connection, opts=options)

    assert compare_metadata(context, models.Base.metadata) == []


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)  # SQLite does not undo tables
def test_the_transaction_is_the_callers(engine: Engine, plugin: LoadedPlugin) -> None:
    with engine.connect() as connection:
        upgrade_plugin(connection, plugin)
        connection.rollback()

    assert inspect(engine).get_table_names() == []


def test_plugins_and_the_core_have_histories_of_their_own(connection: Connection, copied: LoadedPlugin) -> None:
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES ('core')"))
    versions = Path(copied.folder, "migrations", "versions")
    (versions / "0002_stars.py").unlink()
    first = versions / "0001_entry.py"
    first.write_text(first.read_text().replace("guest_book", "diary"))

    other = replace(copied, name="diary")
    upgrade_plugin(connection, other)

    assert pending(connection, replace(copied, name="guest_book")) == ["diary_0001"]
    assert pending(connection, other) == []
    assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == ["core"]


def second_step(plugin: LoadedPlugin, does: str) -> None:
    """Let the second migration of a plugin do something else."""
    second = plugin.folder / "migrations" / "versions" / "0002_stars.py"
    second.write_text(f"{second.read_text().partition('def upgrade')[0]}def upgrade():\n    {does}\n")


def test_a_table_without_the_prefix_is_refused(connection: Connection, copied: LoadedPlugin) -> None:
    second_step(copied, "op.create_table('users', sa.Column('id', sa.Integer))")

    with pytest.raises(PluginError, match=r"makes or drops tables that are not its own: users\. Call them p_guest_book_…"):
        upgrade_plugin(connection, copied)


def test_a_database_that_is_ahead_is_told(connection: Connection, copied: LoadedPlugin) -> None:
    upgrade_plugin(connection, copied)
    (copied.folder / "migrations" / "versions" / "0002_stars.py").unlink()

    with pytest.raises(PluginError, match="the database knows a revision that this version does not have"):
        pending(connection, copied)


def test_a_plugin_without_migrations_has_nothing_pending(connection: Connection, plugin: LoadedPlugin, tmp_path: Path) -> None:
    assert upgrade_plugin(connection, replace(plugin, folder=tmp_path)) == []


def test_a_model_without_the_prefix_is_refused() -> None:
    base = plugin_base("duo")

    Table("p_duo_device", base.metadata)
    with pytest.raises(ValueError, match="the table device must be called p_duo_…"):
        Table("device", base.metadata)
    assert plugin_base("duo").metadata is not base.metadata


def leave(connection: Connection) -> None:
    """Make what a plugin guest_book_of_old would have left."""
    for name in ("p_guest_book_of_old_entry", version_table("guest_book_of_old")):
        connection.execute(text(f"CREATE TABLE {name} (id INTEGER)"))


def test_what_a_plugin_left_is_not_that_of_one_whose_name_begins_alike(connection: Connection, copied: LoadedPlugin) -> None:
    leave(connection)
    upgrade_plugin(connection, copied)

    assert orphans(connection, [copied]) == [version_table("guest_book_of_old"), "p_guest_book_of_old_entry"]
    assert tables_of(connection, copied) == ["p_guest_book_entry"]


def test_a_plugin_does_not_drop_what_another_left(connection: Connection, copied: LoadedPlugin) -> None:
    leave(connection)
    second_step(copied, 'op.drop_table("p_guest_book_of_old_entry")')

    with pytest.raises(PluginError, match="makes or drops tables that are not its own: p_guest_book_of_old_entry"):
        upgrade_plugin(connection, copied)


ENDS = [
    "op.execute('COMMIT')",
    "op.execute('/* now */ -- and here\\nCOMMIT')",
    "op.get_bind().commit()",
    "op.execute('DROP TABLE p_guest_book_entry; commit;')",
    "op.execute('rollback')",
]


@pytest.mark.parametrize("ends", ENDS)
def test_a_migration_that_ends_the_transaction_leaves_the_database_as_it_was(engine: Engine, copied: LoadedPlugin, ends: str) -> None:
    second_step(copied, f"op.create_table('p_guest_book_late', sa.Column('id', sa.Integer)); {ends}")

    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        with pytest.raises(PluginError) as caught:
            upgrade_plugin(connection, copied)
        connection.rollback()

    assert str(caught.value.problems[0]).startswith("guest_book › migrations: a migration ends the transaction. Leave that out")
    assert inspect(engine).get_table_names() == []


def test_a_savepoint_in_a_migration_is_no_end(connection: Connection, copied: LoadedPlugin) -> None:
    second_step(copied, "point = op.get_bind().begin_nested(); point.rollback()")

    assert upgrade_plugin(connection, copied) == BOTH


@pytest.mark.filterwarnings("ignore:Revision")
def test_two_files_with_one_revision_are_told(connection: Connection, copied: LoadedPlugin) -> None:
    second = copied.folder / "migrations" / "versions" / "0002_stars.py"
    second.with_name("0003_more.py").write_text(second.read_text())

    with pytest.raises(PluginError, match=r"000\d_\w+\.py has the revision of another file\. Give each a revision of its own\."):
        pending(connection, copied)
