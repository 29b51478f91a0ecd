"""Asks each plugin by itself what it declares, and sees that the answers have the right form."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bo_panel.domain.identifiers import is_writable
from bo_panel.hooks.core import Declared
from bo_panel.hooks.failure import traced
from bo_panel.hooks.hooking import Hooked
from bo_panel.hooks.hookspecs import DECLARES
from bo_panel.hooks.problems import Problem
from bo_panel.hooks.slips import failed_at
from bo_panel.settings.checking import dotted, wording

log = logging.getLogger(__name__)


def declared(hooked: Hooked, name: str, problems: list[Problem]) -> Declared:
    """Return what a plugin declares; answers of the wrong form are left out and added to `problems`."""
    items: dict[type, tuple[Any, ...]] = {}
    unread: set[str] = set()
    unsure: set[type] = set()
    for hook, kind in DECLARES.items():
        before = len(problems)
        answer = _answer(hooked, name, hook, problems)
        right = [item for number, item in enumerate(answer, 1) if _is_right(item, (name, hook, kind, number), problems)]
        if len(problems) > before:
            unsure.add(kind)
        items[kind] = _checked(right, kind, (name, hook), problems)
        unread |= {key for item in right if "." in (key := str(item.key))} - {item.key for item in items[kind]}
    return Declared(plugin=name, items=items, unread=frozenset(unread), unsure=frozenset(unsure))


def _answer(hooked: Hooked, name: str, hook: str, problems: list[Problem]) -> list[Any]:
    """Return what a plugin answers; of a hook that fails half-way, what it gave before."""
    call = hooked.caller(name, hook)
    if call is None:
        return []
    given: list[Any] = []
    try:
        answer: Any = next(iter(call()), None)
        if _is_several(answer):
            for item in answer:  # what came before a failure stays
                given.append(item)
            return given
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if name in hooked.doubtful:
            return given
        log.error("the hook %s of the plugin %s failed: %s", hook, name, traced(error))
        place, hint = failed_at(error, hooked.folder(name))
        problems.append(Problem(plugin=name, hook=hook, wrong=f"failed: {place}.", remedy="The log has the traceback.", hint=hint))
        return given
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


def _checked(items: list[Any], kind: type, place: tuple[str, str], problems: list[Problem]) -> tuple[Any, ...]:
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    kept: list[Any] = []
    for item in items:
        values = {part.name: _plain(getattr(item, part.name)) for part in fields(kind)}
        wrong = [*_unordered(values, kind), *_unwritable(values)]
        if wrong:
            problems += [Problem(plugin=place[0], hook=place[1], item=str(values["key"]), field=field, wrong=words) for field, words in wrong]
            continue
        try:
            kept.append(adapter.validate_python(values))
        except ValidationError as error:
            for found in error.errors(include_url=False, include_input=False):
                words = wording(found["type"], found["msg"])
                key = str(values["key"])
                problems.append(Problem(plugin=place[0], hook=place[1], item=key, field=dotted(found["loc"]), wrong=words))
    return tuple(kept)


def _plain(value: object) -> object:
    """Return what is declared inside of something as what it consists of, so that its parts are looked at, too."""
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    return tuple(map(_plain, value)) if isinstance(value, tuple | list) else value


def _unordered(values: Mapping[str, object], kind: type) -> Iterator[tuple[str, str]]:
    """Yield what is given as a set where an order counts: each process would have another one."""
    for part in fields(kind):
        if isinstance(values[part.name], set | frozenset) and "set[" not in str(part.type):
            yield part.name, "is a set, which has no order: use a tuple."


def _unwritable(values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the texts that no page could be sent with: they hold half a character."""
    for name, value in values.items():
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str) and not is_writable(text):
                yield name, "holds half a character (a lone surrogate)."
