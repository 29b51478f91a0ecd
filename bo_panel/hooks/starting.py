"""From a deployment's list of plugins to what the panel works with; everything that is wrong is told at once."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from bo_panel.hooks.checks import problems_among
from bo_panel.hooks.collecting import declared
from bo_panel.hooks.compiling import problems_with, registry_of
from bo_panel.hooks.contributions import Slot
from bo_panel.hooks.core import Declared, of_the_core
from bo_panel.hooks.hooking import Hooked
from bo_panel.hooks.hookspecs import BEHAVES
from bo_panel.hooks.loading import described, load_plugins
from bo_panel.hooks.problems import PluginError, Problem
from bo_panel.hooks.registry import LoadedPlugin, Registry
from bo_panel.hooks.template_checks import template_problems
from bo_panel.settings import Settings

Caller: TypeAlias = tuple[str, Callable[..., list[Any]]]
"""A plugin's name, and what calls one hook of this plugin and of no other."""


Check: TypeAlias = Callable[[list[Declared], tuple[LoadedPlugin, ...]], Iterable[Problem]]
"""Looks for problems in what the core and the plugins declare, and in these plugins."""


def started(settings: Settings, root: Path, checks: Iterable[Check] = ()) -> tuple[Registry, Mapping[str, tuple[Caller, ...]]]:
    """Return the registry, and who is called while the panel is at work: by hook, in order.

    Raises PluginError when anything is wrong.
    """
    problems: list[Problem] = []
    plugins = load_plugins(settings, root, problems)
    hooked = Hooked()
    for name, (_, plugin, is_whole) in plugins.items():
        problems += hooked.add(name, plugin, is_whole)
    everything = [of_the_core(settings), *(declared(hooked, name, problems) for name in plugins)]
    absent = (frozenset(settings.deployment.plugins) - hooked.names).union(*(part.unread for part in everything))
    problems += problems_among(everything, absent)
    problems += problems_with(settings, everything, absent)
    loaded = tuple(described(made.found, made.plugin) for made in plugins.values())
    for check in checks:
        problems += check(everything, loaded)
    folders = {name: made.found.folder for name, made in plugins.items()}
    problems += template_problems(root / "templates", folders, {part.plugin: part.of(Slot) for part in everything})
    if problems:
        raise PluginError(problems)
    return registry_of(everything, loaded), {hook: _callers(hooked, plugins, hook) for hook in BEHAVES}


def _callers(hooked: Hooked, names: Iterable[str], hook: str) -> tuple[Caller, ...]:
    calls = ((name, hooked.caller(name, hook)) for name in names)
    return tuple((name, call) for name, call in calls if call is not None)
