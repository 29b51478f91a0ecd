"""Parts of a page that come out alike again and again: drawn once for what they show, and kept."""

from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from flask import Flask, request
from flask_babel import ngettext
from markupsafe import Markup

from bo_panel.web.fields import Section
from bo_panel.web.theme.forms import Form, Frames, frames_of
from bo_panel.web.translating import language, translator

KEPT = 1_000
"""How many are kept: menus, dialogs and fields, for each person, language and appearance."""
FORMS_KEPT = 200
"""How many whole forms are kept, apart from their fields."""
MACROS = {"fact_list": "components/facts.html", "form_head": "users/form_head.html"}
"""What is drawn of what it is given alone. Every page has them: to import one takes as long as to draw it."""
Values: TypeAlias = tuple[tuple[str, Hashable], ...]


def add_drawn(app: Flask, **words: Any) -> None:
    """Give templates `drawn(name, **values)`: a template drawn from hashable values, sentences and `words` only.

    `form_sections(sections)` and `form_fields(fields)` are the fields of a form, of which only what somebody typed, chose, or was told
    is filled in anew. None of them sees anything of the request, so what was drawn once holds wherever the same values are shown.
    Nothing that changes with every request, such as a token or what was searched for, belongs into it.
    """

    def drawn(name: str, _language: str, _root: str, values: Values) -> Markup:
        template = app.jinja_env.get_template(name)
        return Markup(template.render(dict(values), _gettext=translator(), _ngettext=ngettext, **words))  # noqa: S704 escaped by the template

    draw = lru_cache(maxsize=KEPT)(drawn)

    @lru_cache(maxsize=FORMS_KEPT)
    def form(spoken: str, root: str, frames: Frames) -> Form:
        return Form.of(frames, lambda name, /, **values: draw(name, spoken, root, tuple(values.items())))

    def fill(sections: Sequence[Section], spoken: str, root: str) -> Markup:
        return form(spoken, root, frames_of(sections)).filled(sections)

    def around() -> dict[str, Any]:
        spoken, root = language(), request.script_root
        return {
            "drawn": lambda name, /, **values: draw(name, spoken, root, tuple(values.items())),
            "form_sections": lambda sections: fill(sections, spoken, root),
            "form_fields": lambda fields: fill([Section("", "", "", fields)], spoken, root),
        }

    app.context_processor(around)
    app.jinja_env.globals.update({name: getattr(app.jinja_env.get_template(path).module, name) for name, path in MACROS.items()})

