"""Says which slip of code an exception is about, where all that it says are names of code, which hold no secret."""

import re
import sys
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from pathlib import Path

from bo_panel.hooks.failure import where
from bo_panel.settings.suggestion import did_you_mean

SDK = "bo_panel.sdk"
NAME = "[A-Za-z_][A-Za-z0-9_]{0,79}"
DOTTED = rf"{NAME}(?:\.{NAME}){{0,9}}"
UNEXPECTED = re.compile(rf"({DOTTED})\(\) got an unexpected keyword argument '({NAME})'(?:\. Did you mean '{NAME}'\?)?")
MISSING = re.compile(
    rf"({DOTTED})\(\) (missing \d{{1,3}} required (?:positional|keyword-only) arguments?: '{NAME}'(?:(?:,|,? and) '{NAME}'){{0,99}})"
)
NO_SUCH_NAME = re.compile(rf"cannot import name '({NAME})' from '({DOTTED})'(?: \(.*\))?")
"""The three forms in which Python says it; where a file is told besides, that is left out."""


def failed_at(error: BaseException, folder: Path | None = None) -> tuple[str, str]:
    """Return where a plugin failed, with what may be told of the reason, and what may be meant; '' for nothing."""
    place = where(error, folder)
    words, hint = _slip(error)
    return (f"{place}: {words}" if words else place), hint


def _slip(error: BaseException) -> tuple[str, str]:
    said = error.args[0] if len(error.args) == 1 and type(error.args[0]) is str else ""
    if type(error) is ImportError and (found := NO_SUCH_NAME.fullmatch(said)):
        name, module = found.groups()
        return f"cannot import name {name!r} from {module!r}", did_you_mean(name, getattr(sys.modules.get(module), "__all__", ()))
    if type(error) is TypeError and (found := UNEXPECTED.fullmatch(said)):
        called, name = found[1].removesuffix(".__init__"), found[2]
        return f"{called}() got an unexpected keyword argument {name!r}", did_you_mean(name, _fields_of(called))
    if type(error) is TypeError and (found := MISSING.fullmatch(said)):
        return f"{found[1].removesuffix('.__init__')}() is {found[2]}", ""
    return "", ""


def _fields_of(name: str) -> Iterable[str]:
    """Return the fields of what plugins declare with a class of this name; none of any other class."""
    kind = getattr(sys.modules.get(SDK), name, None)
    return [part.name for part in fields(kind)] if isinstance(kind, type) and is_dataclass(kind) else []
