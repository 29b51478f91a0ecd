"""One SVG file that holds every icon as a `<symbol>`, made at start-up from the `lucide` package."""

import re
from collections.abc import Iterable
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile

_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_STROKE = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
_SYMBOL = '<symbol id="{name}" viewBox="0 0 24 24" {stroke}>{drawing}</symbol>'


class UnknownIcon(LookupError):
    """A template or a menu asked for an icon that is not in the sprite."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no icon {name!r}. Add it to bo_panel/web/theme/icon_names.py.")


def build_sprite(names: Iterable[str]) -> bytes:
    """Return the sprite with the named icons; a name that `lucide` does not have raises `UnknownIcon`."""
    with ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes())) as drawings:
        symbols = [_symbol(drawings, name) for name in sorted(set(names))]
    return "".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>"]).encode()


def _symbol(drawings: ZipFile, name: str) -> str:
    try:
        source = drawings.read(f"{name}.svg").decode()
    except KeyError:
        raise UnknownIcon(name) from None
    found = _DRAWING.search(source)
    if found is None:
        raise UnknownIcon(name)
    return _SYMBOL.format(name=name, stroke=_STROKE, drawing=re.sub(r"\s*\n\s*", "", found.group(1)))
