"""What is looked at in the templates that plugins bring, before one of them is drawn."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

from jinja2 import Environment, TemplateNotFound, TemplateSyntaxError, nodes

from bo_panel.hooks.contributions import Slot
from bo_panel.hooks.problems import Problem
from bo_panel.hooks.templates import AFTER, EXTENDS_NEXT, PAGE, Layers, leading_down, names_in
from bo_panel.settings.suggestion import did_you_mean

FILTERS = (
    *("currencyformat", "dateformat", "datetimeformat", "decimalformat", "numberformat"),
    *("percentformat", "scientificformat", "timedeltaformat", "timeformat"),
)
"""The filters that pages have beside those of Jinja."""
BOM = "\ufeff"
SHARED = ("layout", "components")
"""The folders of what pages of the panel are made of."""
OF_FLASK_ADMIN = "admin/"
"""The templates that pages find beside those of the panel and of plugins."""
NO_SUCH = re.compile(r"No (filter|test) named '(\w+)'\.")
SECOND = "Encountered unknown tag 'extends_next'"
OUT_OF_PLACE = "{% extends_next %} goes only into pages of the panel, once, and before everything else but comments."
TOO_DEEP = (RecursionError, MemoryError, SyntaxError)
"""What Python says of code that is nested too deeply; what is no Jinja is told by Jinja."""

Wrong: TypeAlias = tuple[str, str, str]
"""What is wrong, what to do, and what may be meant."""


def template_problems(core: Path, folders: Mapping[str, Path], slots: Mapping[str, Sequence[Slot]]) -> Iterator[Problem]:
    """Yield what is wrong with the templates of plugins, given the folder of each, and with those that their slots name."""
    looking = _Looking(core, Layers([(plugin, folder / "templates") for plugin, folder in folders.items()], core))
    for plugin, folder in folders.items():
        brought = names_in(folder / "templates")
        for name in brought:
            for wrong, remedy, hint in looking.wrong(plugin, folder / "templates" / name, name):
                yield Problem(plugin=plugin, item=f"templates/{name}", wrong=wrong, remedy=remedy, hint=hint)
        if brought and (core / plugin).is_dir():
            yield Problem(plugin=plugin, item="templates", wrong=f"the panel has a folder {plugin} of its own.", remedy="Call the plugin otherwise.")
        for slot in slots.get(plugin, ()):
            if slot.template not in brought and slot.template.startswith(f"{plugin}/"):
                wrong, hint = f"there is no templates/{slot.template}.", did_you_mean(slot.template, brought)
                yield Problem(plugin=plugin, hook="bo_slots", item=slot.key, field="template", wrong=wrong, hint=hint)


class _Looking:
    """Looks at the templates of plugins, one by one, as they will lie on one another."""

    def __init__(self, core: Path, layers: Layers) -> None:
        self.pages = {name for name in names_in(core) if PAGE in (core / name).read_text(encoding="utf-8")}
        self.known = {name for folder in (core, *(folder for _plugin, folder in layers.plugins)) for name in names_in(folder)}
        self.layers = layers
        self.environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"], loader=layers)
        self.environment.filters.update(dict.fromkeys(FILTERS, str))

    def wrong(self, plugin: str, file: Path, name: str) -> Iterator[Wrong]:
        """Yield what is wrong with one template."""
        try:
            source = file.read_text(encoding="utf-8")
            read = self.environment.parse(leading_down(source.removeprefix(BOM), plugin, name), name, str(file))
            self.environment.compile(read, name, str(file))
        except Exception as error:
            yield self._unreadable(error)
            return
        if PurePosixPath(name).parts[0] != plugin:
            yield from self._added(plugin, name, source, read)
        elif EXTENDS_NEXT.match(source.removeprefix(BOM)):
            yield OUT_OF_PLACE, "Leave it out.", ""
        yield from self._missing(read)
        yield from self._no_such(read)

    def _unreadable(self, error: Exception) -> Wrong:
        """Return why a template cannot be read; what Jinja says of it is told, as templates hold no secrets."""
        if isinstance(error, UnicodeDecodeError):
            return "it is not in UTF-8.", "Save it in that encoding.", ""
        if isinstance(error, TemplateSyntaxError):
            said = " ".join((error.message or type(error).__name__).split())
            found = NO_SUCH.match(said)
            hint = did_you_mean(found[2], self._of(found[1])) if found else ""
            said = OUT_OF_PLACE if said.startswith(SECOND) else said
            return f"it cannot be read at line {error.lineno}: {said.rstrip('.')}.", "", hint
        if isinstance(error, TOO_DEEP):
            return f"it is nested too deeply ({type(error).__name__}).", "Take a part out into a template of its own.", ""
        return f"it cannot be read: {type(error).__name__}.", "", ""

    def _added(self, plugin: str, name: str, source: str, read: nodes.Template) -> Iterator[Wrong]:
        """Yield what is wrong with a template that adds to a page."""
        folder = PurePosixPath(name).parent
        remedy = f"Put your own templates into templates/{plugin}."
        if name not in self.pages and PurePosixPath(name).parts[0] in SHARED:
            yield "layouts and components of the panel cannot be replaced.", remedy, ""
        elif name not in self.pages:
            beside = [page for page in self.pages if PurePosixPath(page).parent == folder]
            yield "the panel has no such page.", remedy, did_you_mean(name, beside)
        elif source.startswith(BOM):
            yield "begins with a mark of the order of bytes (BOM).", "Save it in UTF-8 without one.", ""
        elif not EXTENDS_NEXT.match(source):
            yield "hides what others add to this page.", "Begin it with {% extends_next %}.", ""
        else:
            yield from self._unseen(read)

    def _unseen(self, read: nodes.Template) -> Iterator[Wrong]:
        """Yield what of a template that adds to a page would be drawn nowhere."""
        there = self._blocks_below(read)
        for part in _outside(read):
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
                read = self.environment.parse(self.layers.get_source(self.environment, leads.template.value)[0])
            except Exception:
                return frozenset()
            found |= {block.name for block in read.find_all(nodes.Block)}
        return frozenset(found)

    def _missing(self, read: nodes.Template) -> Iterator[Wrong]:
        """Yield the templates that one names, and that there are not."""
        for node in read.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            names = _named(getattr(node, "template"))  # noqa: B009 each of the four has one
            if names and not getattr(node, "ignore_missing", False) and not any(map(self._is_there, names)):
                yield f"line {node.lineno} names a template {names[0]!r} that there is not.", "", did_you_mean(names[0], self.known)

    def _no_such(self, read: nodes.Template) -> Iterator[Wrong]:
        """Yield the filters and tests that there are not, which Jinja lets pass in a condition until it is drawn."""
        for node in read.find_all((nodes.Filter, nodes.Test)):
            what, name = type(node).__name__.lower(), getattr(node, "name")  # noqa: B009 both have one
            if name not in self._of(what):
                yield f"line {node.lineno} uses a {what} {name!r} that there is not.", "", did_you_mean(name, self._of(what))

    def _of(self, what: str) -> Mapping[str, Any]:
        return self.environment.filters if what == "filter" else self.environment.tests

    def _is_there(self, name: str) -> bool:
        if name.startswith((AFTER, OF_FLASK_ADMIN)):
            return True
        try:
            self.layers.get_source(self.environment, name)
        except TemplateNotFound:
            return False
        except UnicodeDecodeError:
            pass  # which is told of the template itself
        return True


def _named(said: nodes.Node) -> list[str]:
    """Return the names of templates of which one is taken; none where they are worked out."""
    parts: list[Any] = said.items if isinstance(said, nodes.List | nodes.Tuple) else [said]
    names = [part.value for part in parts if isinstance(part, nodes.Const) and isinstance(part.value, str)]
    return names if len(names) == len(parts) else []


def _outside(part: nodes.Node) -> Iterator[nodes.Node]:
    """Yield the blocks, and what would be drawn, however deep it stands in conditions and loops outside of every block."""
    for inner in part.iter_child_nodes():
        if isinstance(inner, nodes.Block | nodes.Output | nodes.Include | nodes.CallBlock):
            yield inner
        elif isinstance(inner, nodes.Stmt) and not isinstance(inner, nodes.Macro | nodes.AssignBlock):
            yield from _outside(inner)


def _drawn_at(part: nodes.Node) -> Iterator[int]:
    """Yield the line at which something is drawn that is more than space."""
    if isinstance(part, nodes.Include | nodes.CallBlock):
        yield part.lineno
    for one in part.nodes if isinstance(part, nodes.Output) else ():
        text = one.data if isinstance(one, nodes.TemplateData) else "x"
        if text.strip():
            yield one.lineno + text[: -len(text.lstrip())].count("\n")
            return
