"""Makes one plugin with its checked configuration."""

import logging
from typing import Any

from pydantic import ValidationError

from bo_panel.hooks.discovery import Found
from bo_panel.hooks.failure import where
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
        problems += [_misconfigured(found, settings, dict(wrong)) for wrong in error.errors(include_url=False, include_input=False)]
    except (Exception, SystemExit) as error:
        log.exception("the plugin %s could not be made", name)
        problems.append(Problem(plugin=name, wrong=f"it failed while it was made: {where(error, found.folder)}."))
    return None


def _misconfigured(found: Found, settings: Settings, error: dict[str, Any]) -> Problem:
    key = dotted(error["loc"])
    source = settings.source_of(f"plugins.{found.name}.{key}")
    is_unknown = error["type"] == "extra_forbidden" and len(error["loc"]) == 1
    hint = did_you_mean(key, found.plugin.Config.model_fields) if is_unknown else ""
    return Problem(
        plugin=found.name, field=key or "Config", wrong=wording(error["type"], error["msg"]), remedy=f"Correct it in {source}.", hint=hint
    )
