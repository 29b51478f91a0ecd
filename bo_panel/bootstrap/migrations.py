"""Brings the tables of the core, and then of each plugin, up to date."""

from collections.abc import Callable, Mapping

from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection, func, insert, inspect, select, text
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy.exc import DBAPIError

from bo_panel.bootstrap.core_migrations import config, pending_core
from bo_panel.bootstrap.database import DatabaseError, patient
from bo_panel.bootstrap.panel import Panel
from bo_panel.domain.actors import ROOT
from bo_panel.domain.identifiers import sort_form
from bo_panel.domain.units import ROOT_KIND
from bo_panel.hooks import migrations as plugins
from bo_panel.hooks.problems import PluginError, Problem
from bo_panel.models import Unit
from bo_panel.services.engine.transaction import WRITES

CORE = "core"
LOCK = 0x626F5F70  # any number, the same for every process that upgrades


def pending(panel: Panel) -> Mapping[str, list[str]]:
    """Return the revisions still to run, by `core` or plugin name; only those that have some."""
    with connected(panel.database) as connection:
        found = {CORE: pending_core(connection)} | _pending_plugins(connection, panel)
    return {name: revisions for name, revisions in found.items() if revisions}


def revisions(panel: Panel, connection: Connection) -> Mapping[str, list[str]]:
    """Return the revisions that the database is at, by `core` or plugin name."""
    found = {CORE: list(MigrationContext.configure(connection).get_current_heads())}
    return found | {plugin.name: plugins.heads(connection, plugin) for plugin in panel.registry.plugins}


def knows(panel: Panel, connection: Connection, found: Mapping[str, list[str]]) -> bool:
    """Return whether this program has all of these revisions; those of plugins that are not listed do not matter."""
    scripts = {CORE: ScriptDirectory.from_config(config(connection))}
    scripts |= {plugin.name: plugins.scripts_of(connection, plugin) for plugin in panel.registry.plugins if found.get(plugin.name)}
    return all(_has(scripts[name], revision) for name in scripts for revision in found.get(name, ()))


def _has(scripts: ScriptDirectory, revision: str) -> bool:
    try:
        return scripts.get_revision(revision) is not None
    except (CommandError, RevisionError):
        return False


def upgrade(panel: Panel, before: Callable[[], object] = lambda: None, waits: Callable[[], object] = lambda: None) -> Mapping[str, list[str]]:
    """Run what is pending, core first, under a lock; return what ran. All of it or, where a step fails, none of it.

    `before` is called with the lock in hand, if there is something to run and something that it could harm. Whoever comes second waits,
    and is told so by `waits`, from another thread.
    """
    ran: dict[str, list[str]] = {}
    with connected(panel.database) as plain, patient(plain, waits) as notice, plain.execution_options(**{WRITES: True}).begin():
        if plain.dialect.name == "postgresql":
            plain.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        notice.cancel()
        core, others = pending_core(plain), _pending_plugins(plain, panel)
        if (core or any(others.values())) and inspect(plain).get_table_names():
            before()
        if core:
            command.upgrade(config(plain), "head")
            ran[CORE] = core
        _plant_root(plain, panel)
        for plugin in panel.registry.plugins:
            done = plugins.upgrade_plugin(plain, plugin)
            if done:
                ran[plugin.name] = done
        plugins.check_tables(plain, panel.registry.pages.values())
    return ran


def _plant_root(connection: Connection, panel: Panel) -> None:
    """Make the root of the tree, once; its id is 1, so that its path is known beforehand."""
    if connection.scalar(select(func.count()).select_from(Unit)):
        return
    name = panel.settings.words.root
    values = {"kind": ROOT_KIND, "name": name, "sort_name": sort_form(name), "path": ROOT.text, "settings": {}, "created_at": panel.clock.now()}
    connection.execute(insert(Unit).values(version=1, **values))


def connected(database: DatabaseEngine) -> Connection:
    """Return a connection; raise DatabaseError in one line when there is none to be had."""
    try:
        return database.connect()
    except DBAPIError as problem:
        reason = " ".join(str(problem.orig).split())
        shown = database.url.render_as_string(hide_password=True)
        raise DatabaseError(f"The database {shown} cannot be opened: {reason}") from problem


def _pending_plugins(connection: Connection, panel: Panel) -> dict[str, list[str]]:
    """Return the revisions still to run by plugin; raise PluginError with what is wrong with the migrations of all of them."""
    found: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for plugin in panel.registry.plugins:
        try:
            found[plugin.name] = plugins.pending(connection, plugin)
        except PluginError as error:
            problems += error.problems
    if problems:
        raise PluginError(problems)
    return found
