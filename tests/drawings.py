"""Pictures to upload, made on the spot."""

from io import BytesIO
from typing import Any

from PIL import Image

RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), colour: tuple[int, ...] = RED, **more: Any) -> bytes:
    """Return a file of one colour; `more` is for the writer of its kind."""
    found = BytesIO()
    Image.new("RGBA" if len(colour) == 4 else "RGB", size, colour).save(found, kind, **more)
    return found.getvalue()


def drawn(content: bytes) -> Image.Image:
    """Return a picture that was served, decoded."""
    image = Image.open(BytesIO(content))
    image.load()
    return image
