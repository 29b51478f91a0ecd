"""Translating a page's sentences: the catalogue is looked up once for a request, not for each of its hundred sentences."""

from collections.abc import Callable
from functools import lru_cache
from typing import cast

from flask import current_app, g, has_app_context
from flask_babel import get_babel, get_domain, get_locale


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
        found = current_app.config["BABEL_DEFAULT_LOCALE"] if current_app and get_babel().locale_selector is None else str(get_locale() or "en")
        if has_app_context():
            g.bo_language = found
        return found


def _find() -> Callable[[str], str]:
    try:
        return cast("Callable[[str], str]", g.bo_find)
    except (AttributeError, RuntimeError):  # the first sentence of a request, or none is being answered
        found = _catalogue(language())
        if has_app_context():
            g.bo_find = found
        return found


@lru_cache(maxsize=100)
def _catalogue(_language: str) -> Callable[[str], str]:
    """Return the catalogue's own look-up; which language is asked for is what the request says."""
    return cast("Callable[[str], str]", get_domain().get_translations().ugettext)
