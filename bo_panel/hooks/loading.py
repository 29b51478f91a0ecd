"""Makes the plugins of a deployment: found, fitting this version, in order, and with a checked configuration."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from bo_panel.hooks.configuring import Made, made
from bo_panel.hooks.discovery import Found, find
from bo_panel.hooks.fitness import unfit
from bo_panel.hooks.graph import cycles, ordered
from bo_panel.hooks.hooking import hooks_of
from bo_panel.hooks.plugin import Plugin
from bo_panel.hooks.problems import Problem
from bo_panel.hooks.registry import LoadedPlugin
from bo_panel.settings import Settings
from bo_panel.settings.suggestion import did_you_mean


def load_plugins(settings: Settings, root: Path, problems: list[Problem]) -> dict[str, Made]:
    """Return the plugins that can be looked at, by name and in their one order; what is wrong is added to `problems`."""
    usable: dict[str, Found] = {}
    for name in settings.deployment.plugins:
        found = find(name, root)
        wrong = [found] if isinstance(found, Problem) else list(unfit(found))
        problems += wrong
        if isinstance(found, Found) and not wrong:
            usable[name] = found
    problems += _too_alike([name for name, found in usable.items() if (found.folder / "migrations").is_dir()])
    problems += _unmet(usable, settings.deployment.plugins)
    problems += _strayed(settings)
    needs = {name: found.plugin.meta.requires for name, found in usable.items()}
    plugins = {name: made(usable[name], settings, problems) for name in ordered(usable, needs)}
    return {name: plugin for name, plugin in plugins.items() if plugin is not None}


def _too_alike(names: Collection[str]) -> Iterator[Problem]:
    """Yield the plugins whose tables would be called as if they were another one's."""
    for name in names:
        for other in names:
            if other.startswith(f"{name}_"):
                wrong = f"begins like {name}, so that nobody could tell whose tables are whose."
                yield Problem(plugin=other, field="meta.name", wrong=wrong, remedy="Give one of the two another name.")


def _unmet(usable: Mapping[str, Found], listed: tuple[str, ...]) -> Iterator[Problem]:
    for name, found in usable.items():
        for needed in found.plugin.meta.requires:
            if needed not in listed:
                wrong, remedy = f"it needs {needed}, which this deployment does not list.", "Add it to deployment.plugins."
                hint = did_you_mean(needed, listed)
                yield Problem(plugin=name, field="meta.requires", wrong=wrong, remedy=remedy, hint=hint)
    for circle in cycles({name: found.plugin.meta.requires for name, found in usable.items()}):
        wrong = f"the plugins need one another in a circle: {' → '.join(circle)}."
        yield Problem(plugin=circle[0], field="meta.requires", wrong=wrong, remedy="Take one of them out of `requires`.")


def _strayed(settings: Settings) -> Iterator[Problem]:
    listed = settings.deployment.plugins
    for name in settings.plugins:
        if name not in listed:
            wrong = f"{settings.source_of(f'plugins.{name}')} configures it, but this deployment does not list it."
            yield Problem(plugin=name, wrong=wrong, remedy="Remove the table, or list the plugin.", hint=did_you_mean(name, listed))


def described(found: Found, plugin: Plugin) -> LoadedPlugin:
    """Return what is told of a plugin that is in use."""
    meta = plugin.meta
    return LoadedPlugin(
        name=meta.name,
        version=meta.version,
        api=meta.api,
        requires=meta.requires,
        critical=meta.critical,
        description=meta.description or (type(plugin).__doc__ or "").strip().partition("\n")[0],
        source=found.source,
        folder=found.folder,
        hooks=hooks_of(plugin),
        per_unit=meta.per_unit,
    )
