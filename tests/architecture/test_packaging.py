"""The locks, and what is declared to be needed, say what the code imports."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.architecture.sources import ROOT, imported, modules

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
BY_NAME = {"gunicorn", "lucide", "psycopg"}
"""What is used without an import: served by, read as files, named in an address of a database."""


def named(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9_.-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def pinned(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", (ROOT / name).read_text(), re.MULTILINE))


def test_what_the_code_imports_is_what_is_declared() -> None:
    distributions = packages_distributions()
    tops = {name.split(".")[0] for folder in ("bo_panel", "migrations", "plugins") for path in modules(folder) for name in imported(path)}
    third = {name for name in tops if name and name not in sys.stdlib_module_names and name in distributions and not name.startswith("bo_panel")}
    needed = {distributions[name][0].lower().replace("_", "-") for name in third if name not in ("pytest", "hypothesis")}

    assert needed | BY_NAME == {named(requirement) for requirement in PROJECT["project"]["dependencies"]}


def test_the_locks_pin_what_is_declared_with_hashes() -> None:
    runtime, test = pinned("requirements.lock"), pinned("tests/requirements.lock")
    groups = PROJECT["dependency-groups"]

    assert {named(requirement) for requirement in (*PROJECT["project"]["dependencies"], *groups["build"])} <= runtime.keys()
    assert {named(requirement) for requirement in groups["test"]} <= test.keys()
    assert runtime.items() <= test.items()
    for name in ("requirements.lock", "tests/requirements.lock"):
        assert (ROOT / name).read_text().count("--hash=sha256:") >= len(pinned(name))


def test_the_makefile_is_for_any_make_and_the_commands_are_as_the_readme_says() -> None:
    makefile, readme = (ROOT / "Makefile").read_text(), (ROOT / "README.md").read_text()

    for target in ("demo", "test", "bench", "seeds", "lint", "clean", "lock"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert readme.index("make demo") < readme.index("make test") < 200
