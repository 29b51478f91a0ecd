"""`bo plugins`: which plugins are in use, and what each of them brings."""

import json
from typing import Any

import click
from rich.console import Console
from rich.table import Column, Table

from bo_panel.hooks.registry import LoadedPlugin, Registry
from bo_panel.settings.suggestion import did_you_mean

Values = dict[str, Any]


def example(*lines: str) -> str:
    """Return the end of a help text that shows these commands."""
    as_it_stands = "\b\n"  # click joins the lines of a text that does not begin so
    return as_it_stands + "Example:\n" + "\n".join(f"  {line}" for line in lines)


@click.group("plugins", epilog=example("bo plugins list", "bo plugins show payroll_freeze"))
def plugins() -> None:
    """Look at the plugins of this deployment."""


@plugins.command("list", epilog=example("bo plugins list --json"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.pass_context
def list_plugins(context: click.Context, as_json: bool) -> None:
    """List the plugins in the order in which they are asked."""
    registry: Registry = context.obj.registry()
    rows = [_summary(plugin) for plugin in registry.plugins]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    elif rows:
        _print_table(rows, ("name", "version", "api", "source", "description"))
    else:
        click.echo("This deployment lists no plugins.")


@plugins.command("show", epilog=example("bo plugins show payroll_freeze"))
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@click.pass_context
def show_plugin(context: click.Context, name: str, as_json: bool) -> None:
    """Show what the plugin NAME brings: unit kinds, resources, roles, presets."""
    registry: Registry = context.obj.registry()
    known = {plugin.name: plugin for plugin in registry.plugins}
    if name not in known:
        hint = did_you_mean(name, known)
        raise click.BadParameter(f"This deployment has no plugin {name!r}. {hint}".strip(), context, param_hint="NAME")
    brings = _brings(registry, name)
    if as_json:
        click.echo(json.dumps(_summary(known[name]) | brings, indent=2))
        return
    for key, value in _summary(known[name]).items():
        click.echo(f"{key:<12} {', '.join(value) if isinstance(value, list) else value}")
    for title, rows in brings.items():
        if rows:
            click.echo(f"\n{title.replace('_', ' ').capitalize()}")
            _print_table(rows, tuple(rows[0]))


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


def _brings(registry: Registry, name: str) -> dict[str, list[Values]]:
    def own(key: str) -> bool:
        return key.startswith(f"{name}.")

    kinds, resources, roles, presets = registry.kinds, registry.resources, registry.roles, registry.presets
    return {
        "unit_kinds": [
            {"key": key, "label": kind.label, "below": list(kind.parents), "needs_owner": bool(kind.needs_owner)}
            for key, kind in kinds.items()
            if own(key)
        ],
        "resources": [
            {"key": key, "label": resource.label, "levels": list(resource.levels), "at": list(resource.unit_kinds)}
            for key, resource in resources.items()
            if own(key)
        ],
        "roles": [
            {"key": key, "label": role.label, "at": list(role.unit_kinds), "levels": dict(role.levels)} for key, role in roles.items() if own(key)
        ],
        "presets": [
            {"key": key, "label": preset.label, "at": [preset.unit_kind], "levels": dict(preset.levels)}
            for key, preset in presets.items()
            if own(key)
        ],
    }


def _print_table(rows: list[Values], columns: tuple[str, ...]) -> None:
    table = Table(*(Column(column.replace("_", " "), overflow="fold") for column in columns))
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in columns))
    Console(markup=False).print(table)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "\n".join(f"{key}: {level}" for key, level in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value)
