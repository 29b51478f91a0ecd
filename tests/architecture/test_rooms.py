"""The rooms, and what may be seen from each of them (DESIGN §4)."""

import sys
import tomllib

from tests.architecture.sources import ROOT, imported, modules, shown, tracked

FLASK = ("flask", "flask_admin", "flask_babel", "flask_login", "flask_sqlalchemy", "flask_wtf", "werkzeug", "wtforms")
DOORS = {"app", "web", "cli", "__main__", "testing"}
UNNAMED = {"utils", "util", "helpers", "helper", "common", "misc"}


def layers() -> list[set[str]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    [contract] = [found for found in settings["tool"]["importlinter"]["contracts"] if found["type"] == "layers"]
    assert contract["exhaustive"] is True
    return [{room.strip() for room in layer.split("|")} for layer in contract["layers"]]


def test_every_room_has_a_row_and_every_row_is_a_room() -> None:
    rooms = {path.relative_to(ROOT / "bo_panel").parts[0].removesuffix(".py") for path in modules("bo_panel")} - {"__init__"}

    assert set().union(*layers()) == rooms


def test_flask_stops_at_the_doors() -> None:
    inside = [path for path in modules("bo_panel") if path.relative_to(ROOT / "bo_panel").parts[0].removesuffix(".py") not in DOORS]

    assert {shown(path): name for path in inside for name in imported(path) if name.split(".")[0] in FLASK} == {}


def test_the_domain_needs_nothing_but_the_standard_library() -> None:
    allowed = ("bo_panel.domain",)
    third = {
        shown(path): name
        for path in modules("bo_panel/domain")
        for name in imported(path)
        if not name.startswith(allowed) and not _is_standard(name.split(".")[0])
    }

    assert third == {}


def _is_standard(name: str) -> bool:
    return name in sys.stdlib_module_names


def test_no_file_is_called_by_what_it_is_not() -> None:
    assert [shown(path) for path in tracked() if path.stem in UNNAMED or path.parent.name in UNNAMED] == []


def test_the_top_of_the_repository_holds_what_the_design_names() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    named = {"bo_panel", "plugins", "templates", "migrations", "config", "tests", "docs"}
    files = {"README.md", "CHANGELOG.md", "Makefile", "pyproject.toml", "requirements.lock"}

    assert {name for name in names if not name.startswith(".")} - named - files == set()
