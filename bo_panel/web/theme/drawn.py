"""Parts of a page that come out alike again and again: drawn once for what they show, and kept."""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, TypeAlias

from flask import Flask, request
from flask_babel import ngettext
from markupsafe import Markup

from bo_panel.web.translating import language, translator

PLACE = "\0"
"""Stands in a template for what is filled in anew each time."""
KEPT = 1_000
"""How many are kept: menus, dialogs and fields, for each person, language and appearance."""
Values: TypeAlias = tuple[tuple[str, Hashable], ...]


def add_drawn(app: Flask, **words: Any) -> None:
    """Give templates `drawn(name, **values)`: a template drawn from hashable values, sentences and `words` only.

    `drawn_around(name, **values)` is the same for a template with one `place`: what comes before it, and what comes after it. Neither
    sees anything of the request, so what was drawn once holds wherever the same values are shown. Nothing that changes with every
    request, such as a token or what was searched for, belongs into it.
    """

    def drawn(name: str, _language: str, _root: str, values: Values) -> Markup:
        template = app.jinja_env.get_template(name)
        return Markup(template.render(dict(values), _gettext=translator(), _ngettext=ngettext, **words))  # noqa: S704 escaped by the template

    draw = lru_cache(maxsize=KEPT)(drawn)

    @lru_cache(maxsize=KEPT)
    def draw_around(name: str, spoken: str, root: str, values: Values) -> tuple[Markup, Markup]:
        before, _place, after = drawn(name, spoken, root, (*values, ("place", PLACE))).partition(PLACE)
        return before, after

    def around() -> dict[str, Any]:
        spoken, root = language(), request.script_root
        return {
            "drawn": lambda name, **values: draw(name, spoken, root, tuple(values.items())),
            "drawn_around": lambda name, **values: draw_around(name, spoken, root, tuple(values.items())),
        }

    app.context_processor(around)
