"""Of an exception's words only those are told that are names of code."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bo_panel.hooks.slips import failed_at

Write = Callable[..., Path]
Problems = Callable[..., list[str]]

ASKED = {
    "Role('a.r', 'R', levls={})": ("Role() got an unexpected keyword argument 'levls'", " Did you mean levels?"),
    "Role('a.r')": ("Role() is missing 2 required positional arguments: 'label' and 'levels'", ""),
    "Preset('a.r')": ("Preset() is missing 3 required positional arguments: 'label', 'levels', and 'unit_kind'", ""),
    "PersonField(key='x', roles=())": ("PersonField() is missing 1 required keyword-only argument: 'label'", ""),
    "self.folder_of(hunter=1)": ("", ""),
}


@pytest.mark.parametrize("made", ASKED)
def test_a_slip_in_a_hook_is_told(made: str, write: Write, problems: Problems) -> None:
    write("a", f"@hookimpl\ndef bo_roles(self):\n    yield {made}\n")
    words, hint = ASKED[made]
    kind = "TypeError" if words else "AttributeError"

    told = f"{kind} at plugin.py:9{words and ': '}{words}"
    assert problems("a") == [f"a › bo_roles: failed: {told}. The log has the traceback.{hint}"]


IMPORTED = {
    "from bo_panel.sdk import hookimp": ("ImportError at plugin.py:1: cannot import name 'hookimp' from 'bo_panel.sdk'.", " Did you mean hookimpl?"),
    "from bo_panel.sdk import PluginMeta; PluginMeta('a', '1', '1', requirs=())": (
        "TypeError at plugin.py:1: PluginMeta() got an unexpected keyword argument 'requirs'.",
        " Did you mean requires?",
    ),
    "from bo_panel.sdk import PluginMeta; PluginMeta('a', '1')": (
        "TypeError at plugin.py:1: PluginMeta() is missing 1 required positional argument: 'api'.",
        "",
    ),
}


@pytest.mark.parametrize("line", IMPORTED)
def test_a_slip_at_the_import_is_told(line: str, write: Write, problems: Problems) -> None:
    write("a", source=line)

    assert problems("a") == [f"a: it cannot be imported: {''.join(IMPORTED[line])}"]


class Own(TypeError):
    pass


class Unreadable:
    def __str__(self) -> str:
        raise ValueError("hunter2")


@pytest.mark.parametrize(
    "error",
    [
        TypeError("the key is hunter2"),
        TypeError(Unreadable()),
        TypeError("f() got an unexpected keyword argument 'a' hunter2"),
        TypeError("f(hunter2) got an unexpected keyword argument 'a'"),
        TypeError("f() got an unexpected keyword argument 'hunter2!'"),
        TypeError("f() got an unexpected keyword argument 'a'\nhunter2"),
        TypeError("f() missing 1 required positional argument: 'a' hunter2"),
        Own("f() got an unexpected keyword argument 'hunter2'"),
        ValueError("f() got an unexpected keyword argument 'hunter2'"),
        ImportError("cannot import name 'a' from '/hunter2'"),
        ImportError("hunter2"),
    ],
)
def test_nothing_else_is_told(error: Exception) -> None:
    assert failed_at(error) == (type(error).__name__, "")


def test_the_file_of_what_is_imported_is_left_out() -> None:
    error = ImportError("cannot import name 'a' from 'b.c' (/hunter2/c.py)")

    assert failed_at(error) == ("ImportError: cannot import name 'a' from 'b.c'", "")
