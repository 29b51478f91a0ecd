"""Brings the tables of plugins up to date: one Alembic history, and one version table, for each plugin."""

import re
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection, event, inspect
from sqlalchemy.exc import DBAPIError

from bo_panel.hooks.failure import where
from bo_panel.hooks.pages import ModelPage
from bo_panel.hooks.plugin import ANY_PREFIX, table_prefix
from bo_panel.hooks.problems import PluginError, Problem
from bo_panel.hooks.registry import LoadedPlugin

ENDS = re.compile(r"^\s*(commit|end|abort|rollback(?!(\s+(work|transaction))?\s+to\b))\b|;\s*commit\b", re.IGNORECASE)
"""What ends a transaction, where a statement does that."""
COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
warnings.filterwarnings("ignore", "Revision .* is present more than once", UserWarning)  # told as a problem of the plugin
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
    _check_each_once(scripts, plugin)
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
    with _told(plugin), _in_one_transaction(connection):
        command.upgrade(_config(connection, plugin), "heads")
    changed = set(inspect(connection).get_table_names()) ^ before
    strange = sorted(changed.difference(_own(plugin.name, changed, before)))
    if strange:
        wrong, remedy = f"makes or drops tables that are not its own: {', '.join(strange)}.", f"Call them {table_prefix(plugin.name)}…"
        raise PluginError([Problem(plugin=plugin.name, item="migrations", wrong=wrong, remedy=remedy)])
    return revisions


def check_tables(connection: Connection, pages: Collection[ModelPage]) -> None:
    """Raise PluginError for pages over tables, or columns, that no migration made."""
    found = inspect(connection)
    there = {name: {column["name"] for column in found.get_columns(name)} for name in {page.table.name for page in pages} if found.has_table(name)}
    missing = {page.key: [column.name for column in page.table.columns if column.name not in there.get(page.table.name, ())] for page in pages}
    problems = [
        Problem(
            plugin=page.key.partition(".")[0],
            hook="bo_pages",
            item=page.key,
            field="model",
            wrong=f"no migration makes {page.table.name}" + (f" with {', '.join(missing[page.key])}." if page.table.name in there else "."),
            remedy="Add one to migrations/versions.",
        )
        for page in pages
        if missing[page.key]
    ]
    if problems:
        raise PluginError(problems)


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
        if isinstance(error, _Ends):
            remedy = "Leave that out: all that an upgrade does is one transaction. The database is as it was."
            raise PluginError([Problem(plugin=plugin.name, item="migrations", wrong="a migration ends the transaction.", remedy=remedy)]) from error
        said = f"the database refuses it: {str(error.orig).partition(chr(10))[0].rstrip('.')}" if isinstance(error, DBAPIError) else "failed"
        wrong, remedy = f"{said} ({where(error, plugin.folder)}).", "The database is as it was. Correct the migration, or install another version."
        raise PluginError([Problem(plugin=plugin.name, item="migrations", wrong=wrong, remedy=remedy)]) from error


class _Ends(Exception):
    """A migration would end the transaction that it runs in."""


@contextmanager
def _in_one_transaction(connection: Connection) -> Iterator[None]:
    """Raise _Ends for what would end the transaction meanwhile."""

    def committed(_connection: Connection) -> None:
        raise _Ends

    def executed(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if ENDS.search(COMMENTS.sub(" ", statement)):
            raise _Ends

    event.listen(connection, "commit", committed)
    event.listen(connection, "before_cursor_execute", executed)
    try:
        yield
    finally:
        event.remove(connection, "commit", committed)
        event.remove(connection, "before_cursor_execute", executed)


def _check_each_once(scripts: ScriptDirectory, plugin: LoadedPlugin) -> None:
    """Raise PluginError where two files are one revision: one of them would never run."""
    files = [file.name for file in sorted((plugin.migrations or plugin.folder).glob("*.py")) if file.name != "__init__.py"]
    read = {Path(script.path).name for script in scripts.walk_revisions("base", "heads")}
    twice = [name for name in files if name not in read]
    if twice:
        wrong, remedy = f"{', '.join(twice)} has the revision of another file.", "Give each a revision of its own."
        raise PluginError([Problem(plugin=plugin.name, item="migrations", wrong=wrong, remedy=remedy)])


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
