"""Whether a plugin says who it is, and fits this version of the plugin API."""

import re
from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from bo_panel.hooks.core import CORE
from bo_panel.hooks.discovery import Found
from bo_panel.hooks.plugin import API_VERSION, PluginConfig, PluginMeta
from bo_panel.hooks.problems import Problem

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
TYPES = {"name": str, "version": str, "api": str, "description": str, "critical": bool, "per_unit": bool}


def unfit(found: Found) -> Iterator[Problem]:
    """Yield why a plugin cannot be used at all."""
    meta: object = getattr(found.plugin, "meta", None)
    if not isinstance(meta, PluginMeta):
        yield Problem(plugin=found.name, field="meta", wrong="is not a PluginMeta.", remedy="Say who the plugin is.")
        return
    wrong = {name: type(getattr(meta, name)).__name__ for name, kind in TYPES.items() if not isinstance(getattr(meta, name), kind)}
    for name, kind in wrong.items():
        yield Problem(plugin=found.name, field=f"meta.{name}", wrong=f"is a {kind}.", remedy=f"It must be a {TYPES[name].__name__}.")
    if "name" not in wrong:
        yield from _misnamed(found, meta)
    if not isinstance(meta.requires, tuple) or not all(isinstance(needed, str) for needed in meta.requires):
        yield Problem(plugin=found.name, field="meta.requires", wrong="must be a tuple of plugin names.")
    config: object = found.plugin.Config
    if not isinstance(config, type) or not issubclass(config, PluginConfig):
        yield Problem(plugin=found.name, field="Config", wrong="is not a subclass of PluginConfig.")
    if "api" not in wrong:
        yield from _excluded(found, meta)


def _misnamed(found: Found, meta: PluginMeta) -> Iterator[Problem]:
    if meta.name != found.name:
        remedy = "Give both the same name."
        yield Problem(plugin=found.name, field="meta.name", wrong=f"is {meta.name!r}, but it was found as {found.name!r}.", remedy=remedy)
    elif not NAME.fullmatch(meta.name):
        yield Problem(plugin=found.name, field="meta.name", wrong="must be lower-case letters, digits and _, at most 40.")
    elif meta.name == CORE:
        yield Problem(plugin=found.name, field="meta.name", wrong="is what the core is called.", remedy="Give it another name.")


def _excluded(found: Found, meta: PluginMeta) -> Iterator[Problem]:
    try:
        fits = SpecifierSet(meta.api).contains(API_VERSION)
    except InvalidSpecifier:
        yield Problem(plugin=found.name, field="meta.api", wrong="is not a range of versions.", remedy='Write it as ">=1.0,<2".')
        return
    if not fits:
        wrong = f"it works with plugin API {meta.api}, and this is {API_VERSION}."
        yield Problem(plugin=found.name, field="meta.api", wrong=wrong, remedy="Install a version of the plugin that fits.")
