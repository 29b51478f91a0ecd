"""Where settings come from: files, then environment variables, each a layer of its own."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from bo_panel.settings.fields import known_keys, takes_a_list
from bo_panel.settings.problems import Problem
from bo_panel.settings.suggestion import nearest

Table: TypeAlias = dict[str, Any]

PREFIX = "BO_"
NOT_SETTINGS = frozenset({"BO_CONFIG", "BO_DEPLOYMENT"})
NOT_SETTINGS_PREFIX = "BO_TEST_"
FILE = "_file"
"""Behind the name of a setting: the file that its value is in. Of the variables with plain names, and of settings of plugins."""
PLAIN = {"DATABASE_URL": "database.url", "REDIS_URL": "redis.url", "SECRET_KEY": "secrets.secret_key"}


@dataclass(frozen=True, slots=True)
class Layer:
    """The settings of one file or of one environment variable."""

    source: str
    table: Table
    is_variable: bool = False


def variable(key: str) -> str:
    """Return the environment variable that sets a dotted key."""
    return PREFIX + key.replace(".", "__").upper()


def from_file(path: Path, source: str) -> Layer | Problem:
    """Return what a file sets, or why it cannot be read; `source` is what people are told the file is called."""
    try:
        return Layer(source, tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Problem(source, "", "there is no such file.")
    except OSError as error:
        return Problem(source, "", f"the file cannot be read ({error.strerror}).")
    except UnicodeDecodeError:
        return Problem(source, "", "the file is not UTF-8 text.")
    except tomllib.TOMLDecodeError as error:
        return Problem(source, "", f"this is not TOML: {error}.")


def from_environment(environ: Mapping[str, str]) -> Iterator[Layer | Problem]:
    """Yield one layer for each variable that is a setting, the plain names first, and a problem for each that looks like one."""
    for name, key in PLAIN.items():
        if environ.get(name):
            yield _layer(name, key, environ[name])
        elif environ.get(in_file := f"{name}{FILE.upper()}"):
            yield _in_file(in_file, key, Path(environ[in_file]))
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in NOT_SETTINGS and not name.startswith(NOT_SETTINGS_PREFIX):
            yield _from_variable(name, environ[name])


def text_of(file: Path) -> str:
    """Return the text of a file without the end of its last line; raise OSError, or ValueError for what is no UTF-8."""
    return file.read_text(encoding="utf-8-sig").removesuffix("\n").removesuffix("\r")


def _in_file(name: str, key: str, file: Path) -> Layer | Problem:
    try:
        return _layer(name, key, text_of(file))
    except OSError as error:
        return Problem(name, key, f"the file cannot be read ({error.strerror}).")
    except ValueError:
        return Problem(name, key, "the file is not UTF-8 text.")


def _from_variable(name: str, text: str) -> Layer | Problem:
    key = name.removeprefix(PREFIX).lower().replace("__", ".")
    if key in known_keys() or (key.startswith("plugins.") and "." in key.removeprefix("plugins.")):
        return _layer(name, key, text)
    found = nearest(name, map(variable, known_keys()))
    return Problem(name, key, "there is no such setting.", f"Did you mean {found}?" if found else "")


def _layer(name: str, key: str, text: str) -> Layer | Problem:
    try:
        value = _value(key, text)
    except ValueError:
        return Problem(name, key, "this is not JSON.", 'Write a list as ["one", "two"].')
    for part in reversed(key.split(".")):
        value = {part: value}
    return Layer(name, value, is_variable=True)


def _value(key: str, text: str) -> Any:
    is_list = takes_a_list(key)
    if text.lstrip().startswith(("[", "{")):
        if is_list:
            return json.loads(text)
        if key.startswith("plugins."):
            return _if_json(text)
    if is_list:
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _if_json(text: str) -> Any:
    """Return what a text means as JSON, or itself: it may be a secret that only begins like that."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def merged(layers: list[Layer]) -> tuple[Table, dict[str, str]]:
    """Return all layers as one table, the later ones winning, and which source gave each dotted key, and each table, a value last."""
    table: Table = {}
    sources: dict[str, str] = {}
    for layer in layers:
        for path, value in _leaves(layer.table):
            _put(table, path, value)
            sources.update(dict.fromkeys((".".join(path[:depth]) for depth in range(1, len(path) + 1)), layer.source))
    return table, sources


def _leaves(table: Table, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _put(table: Table, path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        inner = table.setdefault(part, {})
        if not isinstance(inner, dict):
            inner = table[part] = {}
        table = inner
    table[path[-1]] = value
