"""The pictures that a declaration can name."""

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """Return the names of all icons of the `lucide` package."""
    with ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes())) as drawings:
        return frozenset(name.removesuffix(".svg") for name in drawings.namelist() if name.endswith(".svg"))
