"""Translating a page's sentences: the catalogue is looked up once for a request, not for each of its hundred sentences."""

from collections.abc import Callable
from typing import cast

from flask import g, has_app_context
from flask_babel import get_domain, get_locale


def gettext(sentence: str, **values: object) -> str:
    """Return a sentence in the language of the request, with what stands in `%(name)s` filled in."""
    found = _find()(sentence)
    return found % values if values else found


def translator() -> Callable[..., str]:
    """Return a `gettext` for one page, that need not ask which request it is in."""
    find = _find()

    def translate(sentence: str, **values: object) -> str:
        found = find(sentence)
        return found % values if values else found

    return translate


def language() -> str:
    """Return the language of the request, such as `en`: what else is kept of a page is kept for one language."""
    try:
        return cast("str", g.bo_language)
    except (AttributeError, RuntimeError):
        found = str(get_locale() or "en")
        if has_app_context():
            g.bo_language = found
        return found


def _find() -> Callable[[str], str]:
    try:
        return cast("Callable[[str], str]", g.bo_find)
    except (AttributeError, RuntimeError):  # the first sentence of a request, or none is being answered
        found = cast("Callable[[str], str]", get_domain().get_translations().ugettext)
        if has_app_context():
            g.bo_find = found
        return found
