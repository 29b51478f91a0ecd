"""The files of the repository, and the code in them, for tests that hold for all of it."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("bo_panel", "plugins", "migrations", "tests")


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file that is, or is going to be, under version control; in an unpacked archive every file that would be."""
    listing = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode == 0:
        return tuple(path for name in listing.stdout.splitlines() if (path := ROOT / name).is_file())
    return tuple(path for path in ROOT.rglob("*") if path.is_file() and not _is_made(path.relative_to(ROOT)))


def _is_made(path: Path) -> bool:
    """Return whether tools or the program make this path."""
    return any(part in ("var", "build", "dist", "__pycache__") or part.endswith((".egg-info", "_cache")) for part in path.parts) or (
        path.parts[0].startswith(".") and path.parts[0] not in (".ci", ".gitignore")
    )


@cache
def modules(folder: str = "") -> tuple[Path, ...]:
    """Return the Python files below a folder, or below all that hold our code."""
    wanted = (folder,) if folder else OURS
    return tuple(path for path in tracked() if path.suffix == ".py" and any(path.is_relative_to(ROOT / name) for name in wanted))


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method of a file."""
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported(path: Path) -> Iterator[str]:
    """Yield the dotted name of everything that a file imports, wherever in it."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{'.' * node.level}{node.module or ''}"


def shown(path: Path) -> str:
    """Return the path as it is told."""
    return str(path.relative_to(ROOT))
