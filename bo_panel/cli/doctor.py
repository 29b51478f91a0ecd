"""`bo doctor`: whether everything is as it should be, and what to do where it is not."""

import platform
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict

import click
import sqlalchemy
from sqlalchemy import text

from bo_panel import __version__
from bo_panel.bootstrap.database import DatabaseError
from bo_panel.bootstrap.migrations import connected, pending
from bo_panel.cli.finding import Finding
from bo_panel.cli.plugin_health import left_by_plugins, plugin_health
from bo_panel.cli.printing import print_json
from bo_panel.cli.upkeep import backups, jobs, outbox, redis, worker
from bo_panel.cli.workplace import Workplace
from bo_panel.domain.actors import ROOT
from bo_panel.domain.lifecycle import Status
from bo_panel.hooks.problems import PluginError
from bo_panel.queries.users import Wanted, users_page
from bo_panel.queries.visible import Scope
from bo_panel.settings import SettingsError

OLDEST_SQLITE = (3, 38)
COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> int:
    r"""Look at the settings, plugins, database, owner, jobs and backups; exit code 1 if anything fails.

    \b
    Example:
        bo -d shop doctor
    """
    found = list(_findings(context.obj))
    if as_json:
        print_json([asdict(finding) for finding in found])
    else:
        for finding in found:
            click.echo(f"{click.style(f'{finding.state:<5}', fg=COLOURS[finding.state])} {finding.about:<12} {finding.says}")
    return 1 if any(finding.state == "fail" for finding in found) else 0


def _findings(workplace: Workplace) -> Iterator[Finding]:
    """Yield what is found; what rests on something that fails is not looked at."""
    yield Finding("versions", "ok", f"bo_panel {__version__}, Python {platform.python_version()}, SQLAlchemy {sqlalchemy.__version__}")
    basics = (_settings, _plugins, _secret_key, _database, _migrations, _owner)
    for check in (*basics, plugin_health, left_by_plugins, redis, worker, jobs, outbox, backups):
        finding = _checked(check, workplace)
        yield finding
        if finding.state == "fail":
            return


def _checked(check: Callable[[Workplace], Finding], workplace: Workplace) -> Finding:
    try:
        return check(workplace)
    except (SettingsError, PluginError, DatabaseError, click.ClickException) as problem:
        says = problem.format_message() if isinstance(problem, click.ClickException) else str(problem)
        return Finding(check.__name__.strip("_").replace("_", " "), "fail", says)


def _settings(workplace: Workplace) -> Finding:
    return Finding("settings", "ok", f"deployment {workplace.settings().deployment.name}")


def _plugins(workplace: Workplace) -> Finding:
    plugins = workplace.registry().plugins
    if not plugins:
        return Finding("plugins", "warn", "This deployment lists no plugins, so it has no unit kinds. Name some under [deployment] plugins.")
    return Finding("plugins", "ok", ", ".join(f"{plugin.name} {plugin.version}" for plugin in plugins))


def _secret_key(workplace: Workplace) -> Finding:
    if workplace.settings().secrets.secret_key.get_secret_value():
        return Finding("secret key", "ok", "set")
    kept = workplace.settings().data_folder
    return Finding("secret key", "warn", f"none is set, so one is kept in {kept}; where several machines serve this, set SECRET_KEY on all")


def _database(workplace: Workplace) -> Finding:
    database = workplace.panel().database
    shown = database.url.render_as_string(hide_password=True)
    with connected(database) as connection:
        connection.execute(text("SELECT 1"))
    if database.dialect.name == "sqlite" and sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        return Finding("database", "fail", f"SQLite {sqlite3.sqlite_version} is too old; use a Python with {oldest} or newer, or PostgreSQL")
    return Finding("database", "ok", shown)


def _migrations(workplace: Workplace) -> Finding:
    missing = pending(workplace.panel())
    if missing:
        name = workplace.settings().deployment.name
        return Finding("migrations", "fail", f"pending for {', '.join(missing)}. Run: bo -d {name} db upgrade")
    return Finding("migrations", "ok", "none pending")


def _owner(workplace: Workplace) -> Finding:
    panel = workplace.panel()
    wanted = Wanted(statuses=(Status.ACTIVE,), roles=tuple(sorted(panel.registry.owner_roles)), size=1)
    with panel.session() as session:
        page = users_page(session, Scope((ROOT,)), wanted, panel.clock.now())
    if not page.count:
        name = panel.settings.deployment.name
        return Finding("owner", "fail", f"Nobody who can sign in is an owner. Run: bo -d {name} users add --owner")
    return Finding("owner", "ok", f"{page.count} who can sign in" if page.count < 1000 else "many who can sign in")
