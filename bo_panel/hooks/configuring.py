"""Makes one plugin with its checked configuration; no value of it is ever told."""

import ast
import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from bo_panel.hooks.discovery import Found
from bo_panel.hooks.failure import traced, where
from bo_panel.hooks.plugin import Plugin, PluginConfig
from bo_panel.hooks.problems import Problem
from bo_panel.settings import Settings
from bo_panel.settings.checking import dotted, wording
from bo_panel.settings.layers import FILE, PREFIX, text_of
from bo_panel.settings.suggestion import did_you_mean

log = logging.getLogger(__name__)

WITH_VALUES = {"value_error", "assertion_error", "union_tag_invalid", "get_attribute_error", "iteration_error", "uuid_parsing"}
"""The errors of pydantic whose words may hold a part of the value; so may those of errors that it does not know."""


class Made(NamedTuple):
    """A plugin, and where it was found."""

    found: Found
    plugin: Plugin
    is_whole: bool = True
    """Whether all of its configuration is right; else it was made of the rest, so that what it declares can be looked at."""


def made(found: Found, settings: Settings, problems: list[Problem]) -> Made | None:
    """Return the plugin, or None where it cannot be made; what is wrong with its configuration is added to `problems`."""
    wrong: list[Problem] = []
    try:
        config = _read(_Reading(found, settings), dict(settings.plugins.get(found.name, {})), wrong)
        return Made(found, found.plugin(config), not wrong)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if not wrong:
            log.error("the plugin %s could not be made: %s", found.name, traced(error))
            wrong.append(Problem(plugin=found.name, wrong=f"it failed while it was made: {where(error, found.folder)}."))
        return None
    finally:
        problems += wrong


def _read(reading: "_Reading", given: dict[str, Any], wrong: list[Problem]) -> PluginConfig:
    """Return the configuration, or so much of it as is right; what is wrong with the rest is added to `wrong`."""
    config = reading.found.plugin.Config
    unread: set[str] = set()
    for key in [key for key in given if reading.names_a_file(key, given)]:
        field, file = key.removesuffix(FILE), given.pop(key)
        if not file:  # a variable that is set to nothing
            continue
        try:
            given[field] = text_of(Path(str(file)))
        except (OSError, ValueError) as error:
            unread.add(field)
            wrong.append(reading.unreadable(key, error))
    try:
        return config.model_validate(given)
    except ValidationError as error:
        found: list[dict[str, Any]] = [dict(one) for one in error.errors(include_input=False)]
        wrong += [reading.misfit(one) for one in found if one["type"] != "missing" or one["loc"][0] not in unread]
    right: dict[str, Any] = {}
    for alias, name in reading.aliases.items():
        info = config.model_fields[name]
        kind: Any = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
        with suppress(ValidationError, KeyError):
            right[name] = TypeAdapter(kind).validate_python(given[alias])
    return config.model_construct(**right)


class _Reading:
    """The configuration of one plugin, while it is read."""

    def __init__(self, found: Found, settings: Settings) -> None:
        self.found, self.settings = found, settings
        fields = found.plugin.Config.model_fields
        self.aliases: Mapping[str, str] = {_alias(name, field): name for name, field in fields.items()}
        """The names of the fields, by what is written for each."""

    def names_a_file(self, key: str, given: Mapping[str, Any]) -> bool:
        """Return whether a key says in which file the value of a field is."""
        field = key.removesuffix(FILE)
        return key.endswith(FILE) and key not in self.aliases and field in self.aliases and field not in given

    def unreadable(self, key: str, error: Exception) -> Problem:
        """Return that the file of a value cannot be read."""
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        return Problem(plugin=self.found.name, field=key, wrong=f"the file cannot be read ({why}).", remedy=f"Correct it in {self._source(key)}.")

    def misfit(self, error: dict[str, Any]) -> Problem:
        """Return what is wrong with one value, in words that hold no part of it."""
        place, kind = error["loc"], error["type"]
        key = dotted([part if depth == 0 or isinstance(part, int) or part in self._words else "…" for depth, part in enumerate(place)])
        source = self._source(dotted(place))
        if kind == "missing" and source.startswith(PREFIX):
            source = self.settings.source_of("deployment.plugins")
        remedy = f"Set it in {source}, at [plugins.{self.found.name}]." if kind == "missing" else f"Correct it in {source}."
        if kind in ("string_type", "bytes_type") and len(place) == 1 and source.startswith(PREFIX):
            remedy = f"What begins with [ or {{ is read as JSON. Put the text into a file, and name that in {source}{FILE.upper()}."
        hint = did_you_mean(key, self.aliases) if kind == "extra_forbidden" and len(place) == 1 else ""
        return Problem(plugin=self.found.name, field=key or "Config", wrong=self._worded(error), remedy=remedy, hint=hint)

    def _worded(self, error: dict[str, Any]) -> str:
        kind, message = error["type"], str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
        if ("url" in error and kind not in WITH_VALUES) or message in self._words:  # pydantic explains its own errors alone
            return wording(kind, message)
        raised = error.get("ctx", {}).get("error")
        return f"is not accepted: {where(raised, self.found.folder)}." if isinstance(raised, BaseException) else "is not accepted."

    def _source(self, key: str) -> str:
        name = self.found.name
        return self.settings.source_of(f"plugins.{name}.{key}" if name in self.settings.plugins else "deployment.plugins")

    @cached_property
    def _words(self) -> frozenset[str]:
        """The texts and names that stand in the code of the plugin as they are: they are no secrets, and no values."""
        return frozenset(word for file in self.found.folder.rglob("*.py") for word in _words_in(file))


def _alias(name: str, field: Any) -> str:
    found = field.validation_alias or field.alias
    return found if isinstance(found, str) else name


def _words_in(file: Path) -> Iterator[str]:
    try:
        read = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(read):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Name):
            yield node.id
