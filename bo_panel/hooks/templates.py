"""The templates that plugins bring: their own, and what they add to pages of the panel, one on top of the other."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import BaseLoader, Environment, FileSystemLoader, TemplateNotFound, TemplateSyntaxError

from bo_panel.hooks.contributions import Slot
from bo_panel.hooks.failure import where
from bo_panel.hooks.problems import Problem
from bo_panel.settings.suggestion import did_you_mean

EXTENDS_NEXT = re.compile(r"\{%-?\s*extends_next\s*-?%\}")
PAGE = "{% extends 'layout/base.html' %}"
"""What makes a template of the core a page: only those can be added to, so that what they are made of stays as it is."""
AFTER = "after:"
CORE_ONLY = "core:"
"""Before the name of a page: as it is without what plugins add to it."""


@dataclass(frozen=True, eq=False)
class Layers(BaseLoader):
    """Templates in layers, the first plugin's on top, the core's at the bottom; `{% extends_next %}` leads one layer down."""

    plugins: Sequence[tuple[str, Path]]
    core: Path

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return a template from the topmost layer that has it."""
        above, name = _taken_apart(template)
        names = [plugin for plugin, _folder in self.plugins]
        layers = [] if template.startswith(CORE_ONLY) else self.plugins[names.index(above) + 1 if above else 0 :]
        for plugin, folder in layers:
            try:
                source, file, is_fresh = FileSystemLoader(folder).get_source(environment, name)
            except TemplateNotFound:
                continue
            return _leading_down(source, plugin, name), file, is_fresh
        return FileSystemLoader(self.core).get_source(environment, name)

    def names(self) -> Iterator[str]:
        """Yield the names of all templates that plugins bring, each as it is in its own layer."""
        above = ""
        for plugin, folder in self.plugins:
            yield from (f"{AFTER}{above}:{name}" if above else name for name in _names(folder))
            above = plugin


def template_problems(core: Path, folders: Mapping[str, Path], slots: Mapping[str, Sequence[Slot]]) -> Iterator[Problem]:
    """Yield what is wrong with the templates of plugins, given the folder of each, and with those that their slots name."""
    pages = {name for name in _names(core) if PAGE in (core / name).read_text(encoding="utf-8")}
    for plugin, folder in folders.items():
        brought = _names(folder / "templates")
        for name in brought:
            yield from _wrong(plugin, folder / "templates" / name, name, pages)
        if brought and (core / plugin).is_dir():
            yield Problem(plugin=plugin, item="templates", wrong=f"the panel has a folder {plugin} of its own.", remedy="Call the plugin otherwise.")
        for slot in slots.get(plugin, ()):
            if slot.template not in brought and slot.template.startswith(f"{plugin}/"):
                wrong, hint = f"there is no templates/{slot.template}.", did_you_mean(slot.template, brought)
                yield Problem(plugin=plugin, hook="bo_slots", item=slot.key, field="template", wrong=wrong, hint=hint)


def _wrong(plugin: str, file: Path, name: str, pages: set[str]) -> Iterator[Problem]:
    source = file.read_text(encoding="utf-8")
    is_own = PurePosixPath(name).parts[0] == plugin
    here: dict[str, Any] = {"plugin": plugin, "item": f"templates/{name}"}
    try:
        Environment(autoescape=True).parse(_leading_down(source, plugin, name), name, str(file))
    except TemplateSyntaxError as error:
        yield Problem(**here, wrong=f"it cannot be read: {where(error)} at line {error.lineno}.")
    if not is_own and name not in pages:
        remedy = f"Put your own templates into templates/{plugin}."
        yield Problem(**here, wrong="the panel has no such page.", remedy=remedy, hint=did_you_mean(name, pages))
    elif not is_own and not EXTENDS_NEXT.match(source):
        yield Problem(**here, wrong="hides what others add to this page.", remedy="Begin it with {% extends_next %}.")


def _taken_apart(template: str) -> tuple[str, str]:
    """Return the plugin above the layer in which a template is looked for, '' for all layers, and its name."""
    if template.startswith(AFTER):
        above, _colon, name = template.removeprefix(AFTER).partition(":")
        return above, name
    return "", template.removeprefix(CORE_ONLY)


def _leading_down(source: str, plugin: str, name: str) -> str:
    return EXTENDS_NEXT.sub(f"{{% extends '{AFTER}{plugin}:{name}' %}}", source, count=1)


def _names(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.html"))
