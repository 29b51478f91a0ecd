"""What a plugin declares, as rows of a table: whatever hook it came through."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from bo_panel.hooks.registry import Registry

Row = dict[str, Any]


def brought_by(registry: Registry, name: str) -> Mapping[str, list[Row]]:
    """Return what a plugin brings, by the name of the hook without its `bo_`; what nothing of a kind says is left out."""
    found = registry.brought.get(name, {})
    return {hook.removeprefix("bo_"): _rows(items) for hook, items in found.items()}


def _rows(items: tuple[Any, ...]) -> list[Row]:
    names = [part.name for part in fields(items[0]) if part.repr and any(_said(getattr(item, part.name)) for item in items)]
    return [{name: _plain(getattr(item, name)) for name in names} for item in items]


def _said(value: object) -> bool:
    return value not in (None, "", False) and value != () and value != {}


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        return [_plain(inner) for inner in value]
    if isinstance(value, str | int | bool | None):
        return value
    named = next((name for name in (getattr(value, part, None) for part in ("key", "__name__", "name")) if isinstance(name, str)), None)
    return named or str(value)
