"""Makes one plugin with its checked configuration."""

import logging
from contextlib import suppress
from typing import Annotated, Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from bo_panel.hooks.discovery import Found
from bo_panel.hooks.failure import traced, where
from bo_panel.hooks.plugin import Plugin, PluginConfig
from bo_panel.hooks.problems import Problem
from bo_panel.settings import Settings
from bo_panel.settings.checking import dotted, wording
from bo_panel.settings.suggestion import did_you_mean

log = logging.getLogger(__name__)


class Made(NamedTuple):
    """A plugin, and where it was found."""

    found: Found
    plugin: Plugin
    is_whole: bool = True
    """Whether all of its configuration is right; else it was made of the rest, so that what it declares can be looked at."""


def made(found: Found, settings: Settings, problems: list[Problem]) -> Made | None:
    """Return the plugin, or None where it cannot be made; what is wrong with its configuration is added to `problems`, no value of it told."""
    given = dict(settings.plugins.get(found.name, {}))
    wrong: list[Problem] = []
    try:
        return Made(found, found.plugin(_read(found, settings, given, wrong)), not wrong)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if not wrong:
            log.error("the plugin %s could not be made: %s", found.name, traced(error))
            wrong.append(Problem(plugin=found.name, wrong=f"it failed while it was made: {where(error, found.folder)}."))
        return None
    finally:
        problems += wrong


def _read(found: Found, settings: Settings, given: dict[str, Any], wrong: list[Problem]) -> PluginConfig:
    """Return the configuration, or so much of it as is right; what is wrong with the rest is added to `wrong`."""
    config = found.plugin.Config
    try:
        return config.model_validate(given)
    except ValidationError as error:
        wrong += [_misconfigured(found, settings, dict(one)) for one in error.errors(include_url=False)]
    right: dict[str, Any] = {}
    for key in given.keys() & config.model_fields.keys():
        field = config.model_fields[key]
        kind: Any = Annotated[field.annotation, field]
        with suppress(ValidationError):
            right[key] = TypeAdapter(kind).validate_python(given[key])
    return config.model_construct(**right)


def _misconfigured(found: Found, settings: Settings, error: dict[str, Any]) -> Problem:
    key = dotted(error["loc"])
    table = f"plugins.{found.name}"
    source = settings.source_of(f"{table}.{key}" if found.name in settings.plugins else "deployment.plugins")
    remedy = f"Set it in {source}, at [{table}]." if error["type"] == "missing" else f"Correct it in {source}."
    is_unknown = error["type"] == "extra_forbidden" and len(error["loc"]) == 1
    hint = did_you_mean(key, found.plugin.Config.model_fields) if is_unknown else ""
    words = wording(error["type"], error["msg"])
    if isinstance(error["input"], str) and error["input"]:
        words = words.replace(error["input"], "…")  # what a validator of the plugin says of it
    return Problem(plugin=found.name, field=key or "Config", wrong=words, remedy=remedy, hint=hint)
