"""What the pages say of plugins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from bo_panel.domain.units import UnitPath
from bo_panel.hooks.brought import brought_by
from bo_panel.hooks.contributions import Finding, Level
from bo_panel.hooks.problems import PluginError
from bo_panel.hooks.registry import LoadedPlugin, Registry
from bo_panel.models import PluginFailure
from bo_panel.queries.switches import Switches
from bo_panel.web.moments import Said, said
from bo_panel.web.translating import gettext

PILLS = {Level.OK: "active", Level.WARNING: "locked", Level.ERROR: "disabled"}


class Line(NamedTuple):
    """One plugin of the list; what each part is is said in templates/plugins/list.html."""

    name: str
    about: str
    brings: str
    state: str
    state_label: str


class Found(NamedTuple):
    """One thing that a plugin found."""

    state: str
    label: str
    text: str


class Failed(NamedTuple):
    """A place where a plugin failed."""

    hook: str
    place: str
    times: str
    last: Said


class Switch(NamedTuple):
    """How a plugin stands at a unit."""

    name: str
    about: str
    state: str
    state_label: str
    to: str
    """What it can be switched to: on, off, or '' where it is off above."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a plugin declares through one hook."""

    title: str
    count: int
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def line_of(plugin: LoadedPlugin, registry: Registry, places: int) -> Line:
    """Return a plugin as a line of the list; `places` is in how many it failed of late."""
    label = gettext("Failed of late") if places else gettext("Works")
    return Line(plugin.name, plugin.description, _brings(registry, plugin.name), "locked" if places else "active", label)


def _brings(registry: Registry, name: str) -> str:
    counts = {title: len(rows) for title, rows in brought_by(registry, name).items()}
    return ", ".join(f"{count} {title.replace('_', ' ')}" for title, count in counts.items())


def switch_of(plugin: LoadedPlugin, switches: Switches, path: UnitPath) -> Switch:
    """Return how a plugin stands at a unit, and what it can be switched to there."""
    above = UnitPath.of(*path.ids[:-1]) if len(path.ids) > 1 else None
    if above and switches.is_off(plugin.name, above):
        return Switch(plugin.name, plugin.description, "disabled", gettext("Off above"), "")
    if switches.is_off(plugin.name, path):
        return Switch(plugin.name, plugin.description, "disabled", gettext("Off"), "on")
    return Switch(plugin.name, plugin.description, "active", gettext("On"), "off")


def facts_of(plugin: LoadedPlugin, tables: Sequence[str], waiting: Sequence[str] | PluginError) -> list[tuple[str, str]]:
    """Return what a plugin is, where it came from, and how far its tables are; `waiting` is what is to run, or why that cannot be told."""
    if plugin.migrations is None:
        stands = gettext("It has no tables")
    elif isinstance(waiting, PluginError):
        stands = " ".join(f"{problem.wrong} {problem.remedy}" for problem in waiting.problems)
    elif waiting:
        stands = gettext("%(count)s to run: bo db upgrade", count=len(waiting))
    else:
        stands = gettext("Up to date")
    return [
        (gettext("Version"), plugin.version),
        (gettext("Works with plugin API"), plugin.api),
        (gettext("Comes from"), plugin.source),
        (gettext("Needs"), ", ".join(plugin.requires) or gettext("No other plugin")),
        (gettext("Hooks"), ", ".join(plugin.hooks) or gettext("None")),
        (gettext("Migrations"), stands),
        *([(gettext("Tables"), ", ".join(tables))] if tables else []),
    ]


def found_of(finding: Finding) -> Found:
    """Return a finding in words."""
    labels = {Level.OK: gettext("All right"), Level.WARNING: gettext("Look at it"), Level.ERROR: gettext("Broken")}
    return Found(PILLS[finding.level], labels[finding.level], finding.text)


def failed_of(failure: PluginFailure, now: datetime) -> Failed:
    """Return where a plugin failed in words."""
    times = gettext("once") if failure.count == 1 else gettext("%(count)s times", count=failure.count)
    return Failed(failure.hook, failure.place, times, said(failure.last_at, now))


def tables_of(registry: Registry, name: str) -> list[Table]:
    """Return what a plugin declares, a table for each hook."""
    return [_table(title, rows) for title, rows in brought_by(registry, name).items()]


def _table(title: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    heads = [head.replace("_", " ").capitalize() for head in rows[0]]
    return Table(title.replace("_", " ").capitalize(), len(rows), heads, [[_cell(value) for value in row.values()] for row in rows])


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_cell(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    return "" if value is None else str(value)
