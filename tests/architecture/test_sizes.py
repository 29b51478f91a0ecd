"""How long things may be (STYLE 5)."""

import ast
from pathlib import Path
from statistics import median

import pytest

from tests.architecture.sources import functions, modules, shown, tree_of

FILE, FUNCTION, PARAMETERS = 300, 40, 4
IMPORTS, IMPORTS_OF_A_DOOR = 20, 25
"""Where the build breaks; the aim is 12. A door brings many things together, and an `__init__` only names them."""
DOORS = ("bo_panel/web/", "bo_panel/app/", "bo_panel/cli/")

INSIDE = tuple(path for folder in ("bo_panel", "plugins") for path in modules(folder))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines the statements of a function have, its docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (function.body[-1].end_lineno or 0) - body[0].lineno + 1


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many things a caller has to hand over by position: neither self, nor the session, nor what must be named."""
    found = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len([name for name in found if name not in ("self", "cls", "session")])


def is_command(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether the parameters are the options of a command, which click hands over by name."""
    return any("command(" in ast.unparse(decorator) for decorator in function.decorator_list)


def test_files_are_short() -> None:
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}

    assert {name: lines for name, lines in lengths.items() if lines > FILE} == {}
    assert median(lines for name, lines in lengths.items() if name.startswith("bo_panel") and lines > 1) <= 90


def test_functions_are_short() -> None:
    lengths = {f"{shown(path)}:{function.name}": length(function) for path in INSIDE for function in functions(path)}

    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION} == {}
    assert median(lengths.values()) <= 8


def test_functions_take_few_parameters() -> None:
    many = {
        f"{shown(path)}:{function.name}": parameters(function)
        for path in INSIDE
        for function in functions(path)
        if parameters(function) > PARAMETERS and not is_command(function)
    }

    assert many == {}


def test_files_import_little() -> None:
    counts = {
        shown(path): sum(isinstance(node, ast.Import | ast.ImportFrom) for node in tree_of(path).body)
        for path in INSIDE
        if path.name != "__init__.py"
    }

    assert {name: count for name, count in counts.items() if count > (IMPORTS_OF_A_DOOR if name.startswith(DOORS) else IMPORTS)} == {}


@pytest.mark.parametrize("path", INSIDE, ids=shown)
def test_every_module_says_what_it_is_for_in_one_line(path: Path) -> None:
    said = ast.get_docstring(tree_of(path)) or ""

    assert said, "the module has no docstring"
    assert said.splitlines()[0].endswith((".", ":", "?"))
