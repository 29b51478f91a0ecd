"""Which lines of the seeds are proven by a test: reads the `@pytest.mark.seed("S2-24")` of all tests, without running them."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINES = {"S0": 65, "S1": 27, "S2": 36, "S3": 33, "S4": 22}


def all_lines() -> tuple[str, ...]:
    """Return the ids of all 183 lines."""
    return tuple(f"{seed}-{number:02}" for seed, count in LINES.items() for number in range(1, count + 1))


def marked(root: Path = ROOT) -> dict[str, list[str]]:
    """Return where each line that is marked somewhere is marked, as `path:line`."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted([*root.glob("tests/**/*.py"), *root.glob("plugins/**/*.py")]):
        for line, number in _marks(ast.parse(path.read_text(encoding="utf-8"))):
            found[line].append(f"{path.relative_to(root)}:{number}")
    return dict(found)


def _marks(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.seed"):
            yield from ((str(argument.value), node.lineno) for argument in node.args if isinstance(argument, ast.Constant))


def main() -> None:
    """Print what is proven, seed by seed."""
    where = marked()
    for seed, count in LINES.items():
        lines = [line for line in all_lines() if line.startswith(seed)]
        open_lines = [line.removeprefix(f"{seed}-") for line in lines if line not in where]
        print(f"{seed}: {count - len(open_lines)} of {count} proven" + (f"; open: {' '.join(open_lines)}" if open_lines else ""))
    proven = sum(line in where for line in all_lines())
    print(f"all: {proven} of {len(all_lines())} proven")


if __name__ == "__main__":
    main()
