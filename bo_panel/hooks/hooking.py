"""Puts plugins behind pluggy, one manager for each panel, and refuses hooks that would never be called."""

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pluggy

from bo_panel.hooks.hookspecs import EVERY_HOOK, PROJECT, Hooks
from bo_panel.hooks.plugin import Plugin
from bo_panel.hooks.problems import Problem
from bo_panel.settings.suggestion import did_you_mean


@dataclass(frozen=True, slots=True)
class Hooked:
    """The plugins of one host in a plugin manager of its own, each called by itself."""

    manager: pluggy.PluginManager = field(default_factory=lambda: pluggy.PluginManager(PROJECT))
    left_out: dict[str, tuple[Plugin, frozenset[str]]] = field(default_factory=dict)
    """The plugins that were not taken in, each with the hooks that are wrong; what the others declare is looked at all the same."""
    doubtful: set[str] = field(default_factory=set)
    """The plugins that lack a part of their configuration: that one of their hooks fails says nothing about it."""

    def __post_init__(self) -> None:
        """Make the hooks known."""
        self.manager.add_hookspecs(Hooks)

    def add(self, name: str, plugin: Plugin, is_whole: bool = True) -> list[Problem]:
        """Take a plugin in; return what is wrong with its hooks. One that is not right, or lacks a part of its configuration, is left out."""
        problems = [problem for hook in _hook_names(self.manager, plugin) for problem in _misused(self.manager, plugin, hook)]
        if not is_whole:
            self.doubtful.add(name)
        if problems or not is_whole:
            self.left_out[name] = (plugin, frozenset(problem.hook for problem in problems))
            return problems
        try:
            self.manager.register(plugin, name)
            self.manager.check_pending()
        except pluggy.PluginValidationError as error:
            last = str(error).strip().splitlines()[-1]
            return [Problem(plugin=name, wrong=f"a hook has other arguments than it should: {last}.")]
        return []

    def folder(self, name: str) -> Path | None:
        """Return where the code of a plugin is."""
        plugin, _wrong = self.left_out.get(name, (self.manager.get_plugin(name), None))
        file = getattr(sys.modules.get(type(plugin).__module__), "__file__", None)
        return Path(file).parent if file else None

    @property
    def names(self) -> frozenset[str]:
        """The plugins that were taken in."""
        return frozenset(name for name, _ in self.manager.list_name_plugin())

    def caller(self, name: str, hook: str) -> Callable[..., list[Any]] | None:
        """Return what calls this hook of this one plugin, or None when the plugin does not have it."""
        if name in self.left_out:
            odd, wrong = self.left_out[name]
            return (lambda: [getattr(odd, hook)()]) if hook in hooks_of(odd) and hook not in wrong else None
        plugin = self.manager.get_plugin(name)
        if plugin is None or hook not in hooks_of(plugin):
            return None
        others = [other for other in self.manager.get_plugins() if other is not plugin]
        return self.manager.subset_hook_caller(hook, others)


def hooks_of(plugin: object) -> tuple[str, ...]:
    """Return the hooks that a plugin has, in the order of the contract."""
    return tuple(hook for hook in EVERY_HOOK if hasattr(type(plugin), hook))


def _hook_names(manager: pluggy.PluginManager, plugin: Plugin) -> list[str]:
    kind = type(plugin)
    return [name for name in dir(kind) if name.startswith("bo_") or (_is_routine(kind, name) and manager.parse_hookimpl_opts(plugin, name))]


def _is_routine(kind: type, name: str) -> bool:
    return inspect.isroutine(inspect.getattr_static(kind, name))


def _misused(manager: pluggy.PluginManager, plugin: Plugin, hook: str) -> list[Problem]:
    name = plugin.meta.name
    if hook not in EVERY_HOOK:
        return [Problem(plugin=name, hook=hook, wrong="there is no such hook.", hint=did_you_mean(hook, EVERY_HOOK))]
    if not _is_routine(type(plugin), hook):
        found = type(inspect.getattr_static(type(plugin), hook)).__name__
        return [Problem(plugin=name, hook=hook, wrong=f"is no function: it is a {found}.", remedy="Write it as a method, with @hookimpl above it.")]
    options = manager.parse_hookimpl_opts(plugin, hook)
    if options is None:
        return [Problem(plugin=name, hook=hook, wrong="is not marked as a hook.", remedy="Write @hookimpl above it.")]
    if any(options.values()):
        return [Problem(plugin=name, hook=hook, wrong="has options.", remedy="Write @hookimpl without any; the order is the deployment's.")]
    known, given = (inspect.signature(getattr(owner, hook)).parameters for owner in (Hooks, type(plugin)))
    strange = [argument for argument in given if argument not in ("self", *known)]
    if strange:
        takes = ", ".join(argument for argument in known if argument != "self") or "none"
        return [Problem(plugin=name, hook=hook, wrong=f"has other arguments than it should: {', '.join(strange)}.", remedy=f"There are {takes}.")]
    return []
