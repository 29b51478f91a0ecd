"""Draws what plugins add to pages; one that fails leaves a box in its place, and the rest of the page as it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask, current_app
from markupsafe import Markup

from bo_panel.bootstrap import Panel
from bo_panel.domain.identifiers import is_writable
from bo_panel.hooks.contributions import Slot
from bo_panel.hooks.failure import traced
from bo_panel.hooks.templates import AFTER, CORE_ONLY
from bo_panel.queries.kept_values import Keeper
from bo_panel.web.current import me, panel, session
from bo_panel.web.moments import said
from bo_panel.web.translating import translator

log = structlog.get_logger()

BOX = "plugins/box.html"


@dataclass(frozen=True, slots=True)
class Slots:
    """What is drawn at the places of this panel's pages."""

    app: Flask
    panel: Panel
    keeper: Keeper

    def draw(self, place: str, **values: Any) -> Markup:
        """Return what plugins draw at a place for the person asking; each is given `values`, `me`, `word` and `product`.

        One that shows what is kept is given that too: `kept`, of the `unit`, `as_of` a moment.
        """
        drawn = [self._drawn(slot, values) for slot in self.panel.registry.slots.get(place, ()) if _seen(slot)]
        return Markup("").join(drawn)

    def _drawn(self, slot: Slot, values: dict[str, Any]) -> Markup:
        words, given = self.panel.settings.words, dict(values)
        given |= {"me": me(), "word": words, "product": words.product, "_gettext": translator()}
        try:
            given |= self._kept(slot)
            text = self.app.jinja_env.get_template(slot.template).render(given)
            if not is_writable(text):
                raise ValueError("half a character")
            return Markup(text)  # noqa: S704 escaped by the template
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit too: it would end more than this page
            name = slot.key.partition(".")[0]
            log.error("a plugin failed while drawing", plugin=name, place=slot.place, traceback=traced(error))
            self.panel.host.failed(name, slot.place, error)
            return box(name)

    def _kept(self, slot: Slot) -> dict[str, Any]:
        """Return what is kept of the topmost unit where the person asking may see it, the first of several; nothing for a slot that shows none."""
        if not slot.shows or slot.needs is None:
            return {}
        top = me().access.reach(*slot.needs)[0]
        value, unit = self.keeper.kept(session(), slot.shows, top)
        return {"kept": value, "unit": unit, "as_of": said(unit.at, self.panel.clock.now())}


def box(name: str) -> Markup:
    """Return what stands in the place of what a plugin could not draw."""
    return Markup(current_app.jinja_env.get_template(BOX).render(name=name, _gettext=translator()))  # noqa: S704 escaped by the template


def drawn_without(template: str, draw: Callable[..., str], values: dict[str, Any], error: BaseException) -> str:
    """Return a page without what plugins add to it, with a box for the one that failed; raise what no plugin is to blame for."""
    name = panel().host.culprit(error)
    if name is None and isinstance(error, UnicodeEncodeError):
        name = _unwritable(template, draw, values)
    if name is None:
        raise error
    log.error("a plugin failed while drawing", plugin=name, template=template, exc_info=error)
    panel().host.failed(name, template, error)
    return draw(f"{CORE_ONLY}{template}", **values, plugin_box=box(name))


def _unwritable(template: str, draw: Callable[..., str], values: dict[str, Any]) -> str | None:
    """Return the plugin without whose part of a page it could be sent; None where that is not what is wrong with it."""
    names = [plugin.name for plugin in panel().registry.plugins if plugin.templates and (plugin.templates / template).is_file()]
    return next((name for name in names if is_writable(draw(f"{AFTER}{name}:{template}", **values))), None)


def _seen(slot: Slot) -> bool:
    return slot.needs is None or me().access.anywhere(*slot.needs)
