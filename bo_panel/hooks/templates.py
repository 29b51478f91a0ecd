"""The templates that plugins bring: their own, and what they add to pages of the panel, one on top of the other."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import BaseLoader, Environment, FileSystemLoader, TemplateNotFound

EXTENDS_NEXT = re.compile(r"(?:\s|\{#(?:(?!#\}).)*#\})*\{%[-+]?\s*extends_next\s*[-+]?%\}", re.DOTALL)
"""How a template that adds to a page begins; comments may stand before it."""
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
            return leading_down(source, plugin, name), file, is_fresh
        return FileSystemLoader(self.core).get_source(environment, name)

    def names(self) -> Iterator[str]:
        """Yield the names of all templates that plugins bring, each as it is in its own layer."""
        above = ""
        for plugin, folder in self.plugins:
            yield from (f"{AFTER}{above}:{name}" if above else name for name in names_in(folder))
            above = plugin


def _taken_apart(template: str) -> tuple[str, str]:
    """Return the plugin above the layer in which a template is looked for, '' for all layers, and its name."""
    if template.startswith(AFTER):
        above, _colon, name = template.removeprefix(AFTER).partition(":")
        return above, name
    return "", template.removeprefix(CORE_ONLY)


def leading_down(source: str, plugin: str, name: str) -> str:
    """Return the text of a template with what leads to the layer below; each of its lines has the same number as before."""
    found = EXTENDS_NEXT.match(source)
    if found is None:
        return source
    lines = "\n" * found[0].count("\n")
    return f"{{% extends '{AFTER}{plugin}:{name}' %}}{lines}{source[found.end() :]}"


def names_in(folder: Path) -> list[str]:
    """Return the names of the templates in a folder."""
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.html"))
