"""Which settings there are, read off the model."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from bo_panel.settings.model import Settings


@cache
def known_keys() -> tuple[str, ...]:
    """Return every setting as a dotted key, without those of plugins."""
    return tuple(_keys(Settings, ""))


def _keys(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        annotation: Any = field.annotation
        if _is_model(annotation):
            yield from _keys(annotation, f"{name}.")
        elif prefix:
            yield f"{prefix}{name}"


def takes_a_list(key: str) -> bool:
    """Return whether this setting holds several values."""
    return get_origin(_annotation(key.split("."))) is tuple


def siblings(place: Sequence[str | int]) -> tuple[str, ...]:
    """Return the keys that may stand where `place` does, as pydantic tells a place."""
    above = _annotation(place[:-1])
    return tuple(above.model_fields) if _is_model(above) else ()


def choices(place: Sequence[str | int]) -> tuple[str, ...]:
    """Return the values that a setting may have, if they can be listed."""
    return tuple(str(value) for value in get_args(_annotation(place)))


def _annotation(place: Sequence[str | int]) -> Any:
    found: Any = Settings
    for part in place:
        if isinstance(part, int):
            found = next(iter(get_args(found)), None)
        elif _is_model(found) and part in found.model_fields:
            found = found.model_fields[part].annotation
        else:
            return None
    return found


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
