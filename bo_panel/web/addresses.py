"""Addresses that come from a request, before anybody is sent to them."""

from urllib.parse import SplitResult, urlsplit


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
