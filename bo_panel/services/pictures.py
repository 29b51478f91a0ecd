"""Pictures of people: looked at before they are decoded, and drawn anew, so that nothing of what was uploaded is ever served."""

import hashlib
import struct
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from threading import Lock

from PIL import Image, ImageOps

from bo_panel.domain.errors import Invalid

LONGEST_FILE = 8_000_000
MOST_POINTS = 25_000_000
SIDE = 512
"""How many points a picture has at most along each side once it is drawn anew."""
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MIMETYPE = "image/webp"
QUALITY = 82
UNREADABLE = (
    *(OSError, ValueError, SyntaxError, EOFError, LookupError, OverflowError, MemoryError, TypeError, struct.error, zlib.error),
    *(Image.DecompressionBombError, Image.DecompressionBombWarning),
)
"""What the decoders raise for what is none of their formats, or is broken."""

_one_at_a_time = Lock()
"""Decoding takes a hundred megabytes at worst, so a process does it for one picture at a time."""


@dataclass(frozen=True)
class Picture:
    """A picture as it is stored: a small one of one format, without anything about camera or place."""

    content: bytes = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """Stands for exactly this picture."""
        return hashlib.sha256(self.content).hexdigest()


def picture_of(content: bytes, field_name: str) -> Picture:
    """Return the picture that a file holds, the first one of several; raise Invalid, about the field, for what is none, or too large."""
    if len(content) > LONGEST_FILE:
        raise Invalid(field_name, reason=f"Choose a file of at most {LONGEST_FILE // 1_000_000} MB.")
    if b"<svg" in content[:2_000].lower():
        raise Invalid(field_name, reason="A drawing of the type SVG can hold scripts, so it is not taken. Save it as PNG, and choose that file.")
    try:
        with _one_at_a_time, Image.open(BytesIO(content), formats=FORMATS) as opened:
            _check_size(opened, field_name)
            return Picture(_drawn(opened))
    except UNREADABLE as problem:
        raise Invalid(field_name, reason="This file is no picture that can be read. Choose one of the type PNG, JPEG, WebP or GIF.") from problem


def _check_size(opened: Image.Image, field_name: str) -> None:
    """Raise for more points than are decoded; so far only the head of the file was read."""
    width, height = opened.size
    if width * height > MOST_POINTS:
        reason = f"This picture has {width:,} × {height:,} points. Choose one of at most {MOST_POINTS // 1_000_000} million."
        raise Invalid(field_name, reason=reason)


def _drawn(opened: Image.Image) -> bytes:
    """Return the picture drawn upright onto an empty one, which takes over its points and nothing else."""
    opened.draft("RGB", (SIDE, SIDE))  # a large JPEG is not decoded in full
    opened.load()
    image = opened if opened.mode in ("RGB", "RGBA", "L") else _scaled(opened).convert("RGBA")
    image.thumbnail((SIDE, SIDE))
    upright = ImageOps.exif_transpose(image)
    clean = Image.new("RGBA" if upright.mode == "RGBA" else "RGB", upright.size)
    clean.paste(upright)
    found = BytesIO()
    clean.save(found, "WEBP", quality=QUALITY)
    return found.getvalue()


def _scaled(image: Image.Image) -> Image.Image:
    """Return a grey picture of 16 bits as one of 8, which a conversion would cut off at white."""
    return image.point(lambda value: value * (1 / 256)).convert("L") if image.mode.startswith("I;16") else image
