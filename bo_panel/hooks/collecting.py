"""Asks each plugin by itself what it declares, and sees that the answers have the right form."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from bo_panel.hooks.contributions import FieldRule, Preset, Resource, Role, UnitKind
from bo_panel.hooks.core import Declared
from bo_panel.hooks.failure import where
from bo_panel.hooks.hooking import Hooked
from bo_panel.hooks.hookspecs import DECLARES
from bo_panel.hooks.problems import Problem
from bo_panel.settings.checking import dotted, wording

log = logging.getLogger(__name__)

Item = TypeVar("Item", UnitKind, Resource, Role, Preset, FieldRule)


def declared(hooked: Hooked, name: str, problems: list[Problem]) -> Declared:
    """Return what a plugin declares; answers of the wrong form are left out and added to `problems`."""
    found: dict[str, list[Any]] = {}
    for hook, kind in DECLARES.items():
        answer = _answer(hooked, name, hook, problems)
        found[hook] = [item for number, item in enumerate(answer, 1) if _is_right(item, (name, hook, kind, number), problems)]
    kinds = _checked(found["bo_unit_kinds"], UnitKind, (name, "bo_unit_kinds"), problems)
    resources = _checked(found["bo_resources"], Resource, (name, "bo_resources"), problems)
    roles = _checked(found["bo_roles"], Role, (name, "bo_roles"), problems)
    presets = _checked(found["bo_presets"], Preset, (name, "bo_presets"), problems)
    rules = _checked(found["bo_field_rules"], FieldRule, (name, "bo_field_rules"), problems)
    return Declared(plugin=name, kinds=kinds, resources=resources, roles=roles, presets=presets, field_rules=rules)


def _answer(hooked: Hooked, name: str, hook: str, problems: list[Problem]) -> list[Any]:
    call = hooked.caller(name, hook)
    if call is None:
        return []
    try:
        answer: Any = next(iter(call()), None)
        if _is_several(answer):
            return list(answer)
    except (Exception, SystemExit) as error:
        log.exception("the hook %s of the plugin %s failed", hook, name)
        problems.append(Problem(plugin=name, hook=hook, wrong=f"failed: {where(error)}.", remedy="The log has the traceback."))
        return []
    what = "nothing" if answer is None else f"one {type(answer).__name__}"
    remedy = f"Return a list of {DECLARES[hook].__name__}, or yield them."
    problems.append(Problem(plugin=name, hook=hook, wrong=f"returned {what}.", remedy=remedy))
    return []


def _is_several(answer: object) -> bool:
    return isinstance(answer, Iterable) and not isinstance(answer, (str, bytes, Mapping))


def _is_right(item: object, place: tuple[str, str, type, int], problems: list[Problem]) -> bool:
    name, hook, kind, number = place
    if isinstance(item, kind):
        return True
    wrong, remedy = f"is a {type(item).__name__}.", f"It must be a {kind.__name__}."
    problems.append(Problem(plugin=name, hook=hook, item=f"number {number}", wrong=wrong, remedy=remedy))
    return False


def _checked(items: list[Item], kind: type[Item], place: tuple[str, str], problems: list[Problem]) -> tuple[Item, ...]:
    adapter = TypeAdapter(kind)
    kept: list[Item] = []
    for item in items:
        values = {part.name: getattr(item, part.name) for part in fields(kind)}
        try:
            kept.append(adapter.validate_python(values))
        except ValidationError as error:
            for wrong in error.errors(include_url=False, include_input=False):
                words = wording(wrong["type"], wrong["msg"])
                key = str(values["key"])
                problems.append(Problem(plugin=place[0], hook=place[1], item=key, field=dotted(wrong["loc"]), wrong=words))
    return tuple(kept)
