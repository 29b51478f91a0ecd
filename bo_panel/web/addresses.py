"""Addresses of pages, and those that come from a request, before anybody is sent to them."""

from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from flask import url_for


@lru_cache(maxsize=1_000)
def address_of(endpoint: str, _root: str) -> str:
    """Return the address of a page that takes no parameters, below the root that the application is served at."""
    return url_for(endpoint)


def local(address: str, otherwise: str) -> str:
    """Return the address if it is a path of this very site, else the other one."""
    parts = _parts(address) if address.isprintable() else None
    if parts is None or parts.scheme or parts.netloc or not address.startswith("/") or address[1:2] in ("/", "\\"):
        return otherwise
    return address


def _parts(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None
