"""The templates that plugins bring: their own, and what they add to pages of the panel, one on top of the other."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import BaseLoader, Environment, FileSystemLoader, TemplateError, TemplateNotFound, TemplateSyntaxError, nodes

from bo_panel.hooks.contributions import Slot
from bo_panel.hooks.failure import where
from bo_panel.hooks.problems import Problem
from bo_panel.settings.suggestion import did_you_mean

EXTENDS_NEXT = re.compile(r"\{%-?\s*extends_next\s*-?%\}")
PAGE = "{% extends 'layout/base.html' %}"
"""What makes a template of the core a page: only those can be added to, so that what they are made of stays as it is."""
FILTERS = (
    *("currencyformat", "dateformat", "datetimeformat", "decimalformat", "numberformat"),
    *("percentformat", "scientificformat", "timedeltaformat", "timeformat"),
)
"""The filters that pages have beside those of Jinja."""
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
    looking = _Looking(core, Layers([(plugin, folder / "templates") for plugin, folder in folders.items()], core))
    for plugin, folder in folders.items():
        brought = _names(folder / "templates")
        for name in brought:
            yield from looking.wrong(plugin, folder / "templates" / name, name)
        if brought and (core / plugin).is_dir():
            yield Problem(plugin=plugin, item="templates", wrong=f"the panel has a folder {plugin} of its own.", remedy="Call the plugin otherwise.")
        for slot in slots.get(plugin, ()):
            if slot.template not in brought and slot.template.startswith(f"{plugin}/"):
                wrong, hint = f"there is no templates/{slot.template}.", did_you_mean(slot.template, brought)
                yield Problem(plugin=plugin, hook="bo_slots", item=slot.key, field="template", wrong=wrong, hint=hint)


class _Looking:
    """Looks at the templates of plugins, one by one, as they will lie on one another."""

    def __init__(self, core: Path, layers: Layers) -> None:
        self.pages = {name for name in _names(core) if PAGE in (core / name).read_text(encoding="utf-8")}
        self.environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"], loader=layers)
        self.environment.filters.update(dict.fromkeys(FILTERS, str))

    def wrong(self, plugin: str, file: Path, name: str) -> Iterator[Problem]:
        """Yield what is wrong with one template."""
        is_own = PurePosixPath(name).parts[0] == plugin
        here: dict[str, Any] = {"plugin": plugin, "item": f"templates/{name}"}
        try:
            source = file.read_text(encoding="utf-8")
            read = self.environment.parse(_leading_down(source, plugin, name), name, str(file))
            self.environment.compile(read, name, str(file))
        except UnicodeDecodeError:
            yield Problem(**here, wrong="it is not in UTF-8.", remedy="Save it in that encoding.")
            return
        except TemplateSyntaxError as error:
            yield Problem(**here, wrong=f"it cannot be read: {where(error)} at line {error.lineno}.")
            return
        if not is_own and name not in self.pages:
            remedy = f"Put your own templates into templates/{plugin}."
            yield Problem(**here, wrong="the panel has no such page.", remedy=remedy, hint=did_you_mean(name, self.pages))
        elif not is_own and not EXTENDS_NEXT.match(source):
            yield Problem(**here, wrong="hides what others add to this page.", remedy="Begin it with {% extends_next %}.")
        elif not is_own:
            yield from (Problem(**here, wrong=wrong, remedy=remedy, hint=hint) for wrong, remedy, hint in self._unseen(read))

    def _unseen(self, read: nodes.Template) -> Iterator[tuple[str, str, str]]:
        """Yield what of a template that adds to a page would be drawn nowhere."""
        there = self._blocks_below(read)
        for part in read.body:
            if isinstance(part, nodes.Block) and there and part.name not in there:
                wrong = f"line {part.lineno} fills a block {part.name!r} that this page does not have."
                yield wrong, f"It has {', '.join(sorted(there))}.", did_you_mean(part.name, there)
            for line in _drawn_at(part):
                yield f"what stands at line {line} is outside of every block, and shown nowhere.", "Put it into a block.", ""

    def _blocks_below(self, read: nodes.Template) -> frozenset[str]:
        """Return the blocks of all that a template lies on; none where not all of that can be read."""
        found: set[str] = set()
        while leads := read.find(nodes.Extends):
            if not isinstance(leads.template, nodes.Const):
                return frozenset()
            try:
                read = self.environment.parse(self.environment.loader.get_source(self.environment, leads.template.value)[0])  # type: ignore[union-attr]
            except (TemplateError, UnicodeDecodeError):
                return frozenset()
            found |= {block.name for block in read.find_all(nodes.Block)}
        return frozenset(found)


def _drawn_at(part: nodes.Node) -> Iterator[int]:
    """Yield the line at which something is drawn that is more than space."""
    for one in part.nodes if isinstance(part, nodes.Output) else ():
        text = one.data if isinstance(one, nodes.TemplateData) else "x"
        if text.strip():
            yield one.lineno + text[: -len(text.lstrip())].count("\n")
            return


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
