"""Makes one plugin with its checked configuration."""

import logging
from typing import Any

from pydantic import ValidationError

from bo_panel.hooks.discovery import Found
from bo_panel.hooks.failure import traced, where
from bo_panel.hooks.plugin import Plugin
from bo_panel.hooks.problems import Problem
from bo_panel.settings import Settings
from bo_panel.settings.checking import dotted, wording
from bo_panel.settings.suggestion import did_you_mean

log = logging.getLogger(__name__)


def made(found: Found, settings: Settings, problems: list[Problem]) -> Plugin | None:
    """Return the plugin, or None after adding to `problems` what is wrong with its configuration; values are never told."""
    name = found.name
    try:
        return found.plugin(found.plugin.Config.model_validate(dict(settings.plugins.get(name, {}))))
    except ValidationError as error:
        problems += [_misconfigured(found, settings, dict(wrong)) for wrong in error.errors(include_url=False)]
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        log.error("the plugin %s could not be made: %s", name, traced(error))
        problems.append(Problem(plugin=name, wrong=f"it failed while it was made: {where(error, found.folder)}."))
    return None


def _misconfigured(found: Found, settings: Settings, error: dict[str, Any]) -> Problem:
    key = dotted(error["loc"])
    source = settings.source_of(f"plugins.{found.name}.{key}")
    is_unknown = error["type"] == "extra_forbidden" and len(error["loc"]) == 1
    hint = did_you_mean(key, found.plugin.Config.model_fields) if is_unknown else ""
    words = wording(error["type"], error["msg"])
    if isinstance(error["input"], str) and error["input"]:
        words = words.replace(error["input"], "…")  # what a validator of the plugin says of it
    return Problem(plugin=found.name, field=key or "Config", wrong=words, remedy=f"Correct it in {source}.", hint=hint)
