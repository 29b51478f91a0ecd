"""Parts of a page that come out alike again and again: drawn once for what they show, and kept."""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from flask import Flask, request
from flask_babel import ngettext
from markupsafe import Markup

from bo_panel.web.translating import language, translator

KEPT = 1_000
"""How many are kept: menus and dialogs, for each person, language and appearance."""


def add_drawn(app: Flask, **words: Any) -> None:
    """Give templates `drawn(name, **values)`: a template drawn from hashable values, sentences and `words` only.

    It sees nothing of the request, so what was drawn once holds wherever the same values are shown. Nothing that changes with
    every request, such as a token or what was searched for, belongs into it.
    """

    @lru_cache(maxsize=KEPT)
    def draw(name: str, _language: str, _root: str, values: tuple[tuple[str, Hashable], ...]) -> Markup:
        template = app.jinja_env.get_template(name)
        return Markup(template.render(dict(values), _gettext=translator(), _ngettext=ngettext, **words))  # noqa: S704 escaped by the template

    def around() -> dict[str, Any]:
        spoken, root = language(), request.script_root
        return {"drawn": lambda name, **values: draw(name, spoken, root, tuple(values.items()))}

    app.context_processor(around)
