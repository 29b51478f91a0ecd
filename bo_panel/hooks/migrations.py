"""Brings the tables of plugins up to date: one Alembic history, and one version table, for each plugin."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from bo_panel.hooks.failure import where
from bo_panel.hooks.plugin import ANY_PREFIX, table_prefix
from bo_panel.hooks.problems import PluginError, Problem
from bo_panel.hooks.registry import LoadedPlugin

ENVIRONMENT = Path(__file__).parent / "plugin_environment"


def version_table(plugin_name: str) -> str:
    """Return the table in which Alembic notes how far this plugin is."""
    return f"alembic_version_p_{plugin_name}"


def heads(connection: Connection, plugin: LoadedPlugin) -> list[str]:
    """Return the revisions that the tables of this plugin are at."""
    if plugin.migrations is None:
        return []
    return list(MigrationContext.configure(connection, opts={"version_table": version_table(plugin.name)}).get_current_heads())


def tables_of(connection: Connection, plugin: LoadedPlugin) -> list[str]:
    """Return the tables of this plugin that are in the database."""
    there = set(inspect(connection).get_table_names())
    return sorted(name for name in _own(plugin.name, there, there) if name.startswith(ANY_PREFIX))


def orphans(connection: Connection, plugins: Sequence[LoadedPlugin]) -> list[str]:
    """Return the tables in the database that belong to plugins which are not in use."""
    there = set(inspect(connection).get_table_names())
    own = {name for plugin in plugins for name in _own(plugin.name, there, there)}
    return sorted(name for name in there - own if name.startswith((ANY_PREFIX, version_table(""))))


def _own(plugin_name: str, tables: Iterable[str], there: Collection[str]) -> Iterator[str]:
    """Yield those of some tables that are this plugin's, where `there` are all that there are.

    Where a plugin `a_b` left its version table, what begins with `p_a_b_` is its own, and not that of a plugin `a`.
    """
    left = [name.removeprefix(version_table("")) for name in there if name.startswith(version_table(f"{plugin_name}_"))]
    others = tuple(map(table_prefix, left))
    for name in tables:
        if name == version_table(plugin_name) or (name.startswith(table_prefix(plugin_name)) and not name.startswith(others)):
            yield name


def scripts_of(connection: Connection, plugin: LoadedPlugin) -> ScriptDirectory:
    """Return the migrations that this plugin brings."""
    return ScriptDirectory.from_config(_config(connection, plugin))


def pending(connection: Connection, plugin: LoadedPlugin) -> list[str]:
    """Return the revisions of this plugin that are still to run, in the order in which they run."""
    if plugin.migrations is None:
        return []
    context = MigrationContext.configure(connection, opts={"version_table": version_table(plugin.name)})
    here = context.get_current_heads() or "base"
    with _told(plugin):
        scripts = scripts_of(connection, plugin)
        scripts.get_heads()
    try:
        steps = list(scripts.iterate_revisions("heads", here))
    except (CommandError, RevisionError) as error:
        raise _astray(plugin) from error
    return [step.revision for step in reversed(steps)]


def upgrade_plugin(connection: Connection, plugin: LoadedPlugin) -> list[str]:
    """Run what is pending of this plugin, and return it; the transaction is the caller's, and so is the commit.

    Raises PluginError when a migration fails, when the plugin makes a table without its prefix, and when the database is ahead of the plugin.
    """
    revisions = pending(connection, plugin)
    if not revisions:
        return []
    before = set(inspect(connection).get_table_names())
    with _told(plugin):
        command.upgrade(_config(connection, plugin), "heads")
    changed = set(inspect(connection).get_table_names()) ^ before
    strange = sorted(changed.difference(_own(plugin.name, changed, before)))
    if strange:
        wrong, remedy = f"makes or drops tables that are not its own: {', '.join(strange)}.", f"Call them {table_prefix(plugin.name)}…"
        raise PluginError([Problem(plugin=plugin.name, item="migrations", wrong=wrong, remedy=remedy)])
    return revisions


@contextmanager
def _told(plugin: LoadedPlugin) -> Iterator[None]:
    """Raise PluginError for whatever fails in the migrations of a plugin, but not where the database is gone."""
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        said = f"the database refuses it: {str(error.orig).partition(chr(10))[0].rstrip('.')}" if isinstance(error, DBAPIError) else "failed"
        wrong, remedy = f"{said} ({where(error, plugin.folder)}).", "The database is as it was. Correct the migration, or install another version."
        raise PluginError([Problem(plugin=plugin.name, item="migrations", wrong=wrong, remedy=remedy)]) from error


def _config(connection: Connection, plugin: LoadedPlugin) -> Config:
    config = Config()
    config.set_main_option("script_location", _escaped(ENVIRONMENT))
    config.set_main_option("version_locations", _escaped(plugin.migrations or ENVIRONMENT))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table(plugin.name)
    return config


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")


def _astray(plugin: LoadedPlugin) -> PluginError:
    wrong = "the database knows a revision that this version does not have."
    remedy = "Install the version that was there before, or a newer one."
    return PluginError([Problem(plugin=plugin.name, item="migrations", wrong=wrong, remedy=remedy)])
