"""Other addresses that lead to pages, such as those that people know from the system before this one (`[routes]`)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from bo_panel.settings import Problem, Settings, SettingsError
from bo_panel.settings.suggestion import did_you_mean
from bo_panel.web.addresses import local


@dataclass(frozen=True, slots=True)
class Alias:
    """An address: a path, and the parameters that it has at least; and the page that it leads to."""

    path: str
    query: frozenset[tuple[str, str]]
    page: str

    @classmethod
    def of(cls, address: str, page: str) -> "Alias":
        """Return what an address of the configuration means."""
        parts = urlsplit(address)
        return cls(parts.path, frozenset(parse_qsl(parts.query, keep_blank_values=True)), page)

    def answer(self) -> ResponseReturnValue | None:
        """Send the request on, with what else it asks for, if it is meant."""
        asked = list(request.args.items(multi=True))
        if not self.query <= set(asked):
            return None
        more = urlencode([pair for pair in asked if pair not in self.query])
        return redirect(request.script_root + self.page + (f"?{more}" if more else ""), 303)


def add_aliases(app: Flask, settings: Settings) -> None:
    """Answer each alias by sending whoever asks on to its page, where he is asked who he is as anywhere; raise for one that leads nowhere.

    The pages have to be there already, and the gate not yet.
    """
    problems = list(_problems(app, settings))
    if problems:
        raise SettingsError(problems)
    by_path: dict[str, list[Alias]] = defaultdict(list)
    for alias in sorted((Alias.of(*route) for route in settings.routes.items()), key=lambda alias: -len(alias.query)):
        by_path[alias.path].append(alias)
    if by_path:
        app.before_request_funcs.setdefault(None, []).insert(0, partial(_answer, dict(by_path)))


def _answer(by_path: Mapping[str, list[Alias]]) -> ResponseReturnValue | None:
    if request.method not in ("GET", "HEAD"):
        return None
    return next((found for alias in by_path.get(request.path, ()) if (found := alias.answer()) is not None), None)


def _problems(app: Flask, settings: Settings) -> Iterator[Problem]:
    pages = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments}
    for address, page in settings.routes.items():
        key = f'routes."{address}"'
        if page not in pages:
            yield Problem(settings.source_of("routes"), key, f"leads to {page!r}, which is no page.", did_you_mean(page, pages))
        if local(address, "") != address or "#" in address:
            yield Problem(settings.source_of("routes"), key, "is no address of this site.", "Begin with one slash: /?r=user/create")
        elif not Alias.of(address, page).query and _is_there(app, address):
            yield Problem(settings.source_of("routes"), key, "is a page already.", "Choose an address that is not in use.")


def _is_there(app: Flask, address: str) -> bool:
    try:
        app.url_map.bind("localhost").match(urlsplit(address).path, method="GET")
    except HTTPException as found:  # one with a slash at the end, or for another method, is there too
        return found.code != 404
    return True
