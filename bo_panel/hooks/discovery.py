"""Finds the plugins that a deployment lists, and imports no other."""

import logging
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from bo_panel.hooks.failure import traced
from bo_panel.hooks.modules import local_module
from bo_panel.hooks.plugin import Plugin
from bo_panel.hooks.problems import Problem
from bo_panel.hooks.slips import failed_at
from bo_panel.settings.suggestion import did_you_mean

log = logging.getLogger(__name__)

GROUP = "bo_panel.plugins"


@dataclass(frozen=True, slots=True)
class Found:
    """A plugin's class, and where it was found."""

    name: str
    plugin: type[Plugin]
    folder: Path
    source: str


def find(name: str, root: Path) -> Found | Problem:
    """Return the plugin of this name, from the `plugins/` folder or else from an installed package, or why there is none."""
    folder = root / "plugins" / name
    if folder.is_symlink() or folder.exists():
        return _from_folder(name, folder)
    offered = list(entry_points(group=GROUP, name=name))
    if len(offered) == 1:
        return _from_package(name, offered[0])
    if offered:
        packages = ", ".join(sorted(point.dist.name for point in offered if point.dist))
        return Problem(plugin=name, wrong=f"more than one installed package offers it ({packages}).", remedy="Uninstall all but one.")
    remedy = f"Put it into plugins/{name}, install its package, or take it out of deployment.plugins."
    return Problem(plugin=name, wrong="there is no such plugin.", remedy=remedy, hint=did_you_mean(name, known(root)))


def known(root: Path) -> tuple[str, ...]:
    """Return the names of all plugins that could be listed, without importing one."""
    folders = {path.parent.name for path in (root / "plugins").glob("*/plugin.py")}
    return tuple(sorted(folders | {point.name for point in entry_points(group=GROUP)}))


def _from_folder(name: str, folder: Path) -> Found | Problem:
    for unsafe in _unsafe(folder):
        return Problem(plugin=name, wrong=unsafe, remedy="Use plain files that only their owner can write.")
    if not (folder / "plugin.py").is_file():
        return Problem(plugin=name, wrong=f"plugins/{name} has no plugin.py.", remedy="Add one with a subclass of Plugin.")
    try:
        module = local_module(name, folder)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        log.error("the plugin %s could not be imported: %s", name, traced(error))
        place, hint = failed_at(error, folder)
        return Problem(plugin=name, wrong=f"it cannot be imported: {place}.", hint=hint)
    classes = [value for value in vars(module).values() if _is_plugin(value) and value.__module__ == module.__name__]
    if len(classes) != 1:
        return Problem(plugin=name, wrong=f"plugin.py has {len(classes)} subclasses of Plugin.", remedy="Leave exactly one in it.")
    return Found(name, classes[0], folder, f"plugins/{name}")


def _from_package(name: str, point: EntryPoint) -> Found | Problem:
    source = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
    try:
        plugin = point.load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        log.error("the plugin %s could not be imported: %s", name, traced(error))
        place, hint = failed_at(error)
        return Problem(plugin=name, wrong=f"{source} cannot be imported: {place}.", hint=hint)
    file = getattr(sys.modules.get(getattr(plugin, "__module__", "")), "__file__", None)
    if not _is_plugin(plugin) or not file:
        return Problem(plugin=name, wrong=f"{source} offers no subclass of Plugin.", remedy=f"Correct its entry point in {GROUP}.")
    return Found(name, plugin, Path(file).parent, source)


def _is_plugin(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Plugin) and value is not Plugin


def _unsafe(folder: Path) -> Iterator[str]:
    for path in (folder.parent, folder, *sorted(folder.rglob("*"))):
        if path.is_symlink():
            yield f"{path.relative_to(folder.parent.parent)} is a symbolic link."
        elif path.stat().st_mode & stat.S_IWOTH:
            yield f"{path.relative_to(folder.parent.parent)} can be written by everybody."
