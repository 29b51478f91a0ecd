"""`bo plugins`: which plugins are in use, what each of them brings, how they fare, and where they get into each other's way."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from bo_panel.bootstrap.database import DatabaseError
from bo_panel.bootstrap.migrations import connected
from bo_panel.cli.printing import cell, print_json, print_table
from bo_panel.cli.workplace import Workplace
from bo_panel.hooks.brought import brought_by
from bo_panel.hooks.conflicts import conflicts_in
from bo_panel.hooks.hookspecs import DECLARES, EVERY_HOOK, since
from bo_panel.hooks.migrations import heads, pending, tables_of
from bo_panel.hooks.registry import LoadedPlugin, Registry
from bo_panel.queries.plugin_errors import failing
from bo_panel.settings.suggestion import did_you_mean

Values = dict[str, Any]


def example(*lines: str) -> str:
    """Return the end of a help text that shows these commands."""
    as_it_stands = "\b\n"  # click joins the lines of a text that does not begin so
    return as_it_stands + "Example:\n" + "\n".join(f"  {line}" for line in lines)


@click.group("plugins", epilog=example("bo plugins list", "bo plugins show payroll_freeze", "bo plugins conflicts"))
def plugins() -> None:
    """Look at the plugins of this deployment."""


@plugins.command("list", epilog=example("bo plugins list --json"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.pass_obj
def list_plugins(workplace: Workplace, as_json: bool) -> None:
    """List the plugins in the order in which they are asked, and whether one failed of late."""
    loaded = workplace.registry().plugins
    health = _health(workplace) if loaded else {}
    rows = [_summary(plugin) | {"health": health.get(plugin.name, "not known")} for plugin in loaded]
    _print(rows, as_json, "This deployment lists no plugins.", ("name", "version", "api", "source", "health", "description"))


@plugins.command("show", epilog=example("bo plugins show payroll_freeze"))
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@click.pass_context
def show_plugin(context: click.Context, name: str, as_json: bool) -> None:
    """Show what the plugin NAME brings: hooks, tables, and everything that it declares."""
    registry: Registry = context.obj.registry()
    known = {plugin.name: plugin for plugin in registry.plugins}
    if name not in known:
        hint = did_you_mean(name, known)
        raise click.BadParameter(f"This deployment has no plugin {name!r}. {hint}".strip(), context, param_hint="NAME")
    summary, brings = _summary(known[name]) | _tables(context.obj, known[name]), brought_by(registry, name)
    if as_json:
        print_json(summary | dict(brings))
        return
    for key, value in summary.items():
        click.echo(f"{key:<12} {cell(value)}")
    for title, rows in brings.items():
        click.echo(f"\n{title.replace('_', ' ').capitalize()}")
        print_table(rows)


@plugins.command("hooks", epilog=example("bo plugins hooks"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.pass_obj
def list_hooks(workplace: Workplace, as_json: bool) -> None:
    """List every hook: which plugins use it, in the order in which they are asked, and since which plugin API it is there."""
    loaded = workplace.registry().plugins
    _print([_hook(hook, loaded) for hook in EVERY_HOOK], as_json)


@plugins.command("conflicts", epilog=example("bo plugins conflicts"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.pass_obj
def list_conflicts(workplace: Workplace, as_json: bool) -> None:
    """List where plugins claim the same thing, and who wins.

    One order holds for everything: a plugin comes after those that it requires, and otherwise as the deployment lists them.
    """
    registry = workplace.registry()
    if not as_json and registry.plugins:
        click.echo(f"Order: {', '.join(plugin.name for plugin in registry.plugins)}")
    _print([asdict(conflict) for conflict in conflicts_in(registry)], as_json, "No plugin gets into the way of another.")


def _hook(hook: str, loaded: Iterable[LoadedPlugin]) -> Values:
    when = "at start" if hook in DECLARES else "at work"
    return {"hook": hook, "called": when, "since": since(hook), "used_by": [plugin.name for plugin in loaded if hook in plugin.hooks]}


def _summary(plugin: LoadedPlugin) -> Values:
    return {
        "name": plugin.name,
        "version": plugin.version,
        "api": plugin.api,
        "source": plugin.source,
        "requires": list(plugin.requires),
        "critical": plugin.critical,
        "hooks": list(plugin.hooks),
        "description": plugin.description,
    }


def _health(workplace: Workplace) -> Mapping[str, str]:
    """Return in words how each plugin fares; nothing where the database cannot say."""
    try:
        panel = workplace.panel()
        with panel.session() as session:
            failed = failing(session, panel.clock.now())
    except (DatabaseError, DBAPIError):
        return {}
    return {plugin.name: _fares(failed.get(plugin.name, 0)) for plugin in panel.registry.plugins}


def _fares(places: int) -> str:
    return f"failed in {places} place{'s' if places > 1 else ''} of late" if places else "ok"


def _tables(workplace: Workplace, plugin: LoadedPlugin) -> Values:
    """Return the tables of a plugin and how far they are; nothing where the database cannot say."""
    if plugin.migrations is None:
        return {}
    try:
        with connected(workplace.panel().database) as connection:
            found = {"tables": tables_of(connection, plugin), "migrations": heads(connection, plugin)}
            return found | {"pending": pending(connection, plugin)}
    except (DatabaseError, DBAPIError):
        return {}


def _print(rows: list[Values], as_json: bool, nothing: str = "", columns: tuple[str, ...] = ()) -> None:
    if as_json:
        print_json(rows)
    elif rows:
        print_table([{name: row[name] for name in columns or row} for row in rows])
    else:
        click.echo(nothing)
