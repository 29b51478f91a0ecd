"""From a deployment's list of plugins to what the panel works with; everything that is wrong is told at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from bo_panel.hooks.checks import problems_among
from bo_panel.hooks.collecting import declared
from bo_panel.hooks.compiling import problems_with, registry_of
from bo_panel.hooks.core import of_the_core
from bo_panel.hooks.hooking import Hooked
from bo_panel.hooks.hookspecs import OBJECT
from bo_panel.hooks.loading import described, load_plugins
from bo_panel.hooks.problems import PluginError, Problem
from bo_panel.hooks.registry import Registry
from bo_panel.settings import Settings

Objector: TypeAlias = tuple[str, Callable[..., list[Any]]]
"""A plugin's name, and what calls its `bo_object` and no other's."""


def started(settings: Settings, root: Path) -> tuple[Registry, tuple[Objector, ...]]:
    """Return the registry, and the plugins that want to be asked before a write, in order; PluginError when anything is wrong."""
    problems: list[Problem] = []
    plugins = load_plugins(settings, root, problems)
    hooked = Hooked()
    for name, (_, plugin) in plugins.items():
        problems += hooked.add(name, plugin)
    everything = [of_the_core(settings), *(declared(hooked, name, problems) for name in plugins)]
    absent = frozenset(settings.deployment.plugins) - hooked.names
    problems += problems_among(everything, absent)
    problems += problems_with(settings, everything, absent)
    if problems:
        raise PluginError(problems)
    loaded = tuple(described(found, plugin) for found, plugin in plugins.values())
    calls = ((name, hooked.caller(name, OBJECT)) for name in plugins)
    return registry_of(everything, loaded), tuple((name, call) for name, call in calls if call is not None)
