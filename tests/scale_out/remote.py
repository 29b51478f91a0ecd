"""Somebody whose browser talks to a server over HTTP, with cookies of its own."""

import json
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from tests.browsing import Page, Visitor

HEADERS = {"User-Agent": "Mozilla/5.0 Firefox/140.0", "Accept": "text/html,*/*;q=0.8"}


class _Stays(HTTPRedirectHandler):
    """Follows nothing by itself."""

    def redirect_request(self, *_given: Any) -> None:
        return None


class Answer(Page):
    """An answer that came over the wire."""

    def __init__(self, response: Any, url: str) -> None:
        self.status, self.headers = response.status, response.headers
        self.path, self.url = urlsplit(url).path, url
        self.__dict__["html"] = response.read().decode()


    @property
    def json(self) -> Any:
        """The answer, where it is data."""
        return json.loads(self.html)


class Remote(Visitor):
    """A browser in front of a server."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()), _Stays())

    def _ask(self, method: str, url: str, **options: Any) -> Answer:
        data = urlencode(options["data"], doseq=True).encode() if "data" in options else None
        address = urljoin(self.base, url)
        request = Request(address, data=data, method=method, headers={**HEADERS, **options.get("headers", {})})
        try:
            response = self.opener.open(request, timeout=20)
        except HTTPError as answer:
            response = answer
        with response:
            answered = Answer(response, address)
        if options.get("follow_redirects") and answered.status in (302, 303):
            return self._ask("GET", answered.headers["Location"], follow_redirects=True)
        return answered
