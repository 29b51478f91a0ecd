"""Style sheet, scripts and icons as they are served: read once, named by their content."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from bo_panel.web.theme.favicon import FAVICON
from bo_panel.web.theme.icon_names import ICON_NAMES
from bo_panel.web.theme.sprite import build_sprite

STATIC = Path(__file__).parent.parent / "static"
MIME_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file ready to be sent."""

    body: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class Assets:
    """Every file the theme serves, by name, under one version that changes when any of them does.

    Scripts import one another by relative names, so the version in the address reaches all of them without an import map.
    """

    files: Mapping[str, Asset]
    icons: frozenset[str]
    version: str

    @classmethod
    def build(cls, more_icons: Iterable[str] = ()) -> "Assets":
        """Read the static folder; `more_icons` are names from the `lucide` package that plugins draw."""
        icons = frozenset((*ICON_NAMES, *more_icons))
        bodies = {
            "bo.css": _style_sheet(),
            "icons.svg": build_sprite(icons),
            "favicon.svg": FAVICON,
            **{f"js/{script.name}": script.read_bytes() for script in sorted((STATIC / "js").glob("*.js"))},
        }
        found = {name: Asset(body, MIME_TYPES[Path(name).suffix]) for name, body in bodies.items()}
        return cls(MappingProxyType(found), icons, _version(bodies))


def _style_sheet() -> bytes:
    """Join the style sheets; `layers.css` comes first because it sets the order of the cascade."""
    sheets = sorted((STATIC / "css").glob("*.css"), key=lambda sheet: (sheet.stem != "layers", sheet.stem))
    return b"\n".join(sheet.read_bytes() for sheet in sheets)


def _version(bodies: Mapping[str, bytes]) -> str:
    digest = sha256()
    for name, body in sorted(bodies.items()):
        digest.update(name.encode() + b"\0" + body + b"\0")
    return digest.hexdigest()[:12]
