"""Every plugin in `plugins/` is built as a reseller would build one."""

import ast
import tomllib
from pathlib import Path

import pytest

from bo_panel.hooks.hookspecs import EVERY_HOOK
from bo_panel.hooks.host import Host
from bo_panel.settings import Settings
from bo_panel.settings.loading import ROOT

FOLDERS = sorted(path.parent for path in (ROOT / "plugins").glob("*/plugin.py"))


def hooks(name: str) -> tuple[str, ...]:
    return Host.compile(Settings.model_validate({"deployment": {"plugins": [name]}}), ROOT).registry.plugins[0].hooks


def imported(source: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(source)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def test_every_hook_is_used_by_a_plugin() -> None:
    assert {hook for folder in FOLDERS for hook in hooks(folder.name)} == set(EVERY_HOOK)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_plugin_imports_the_sdk_only(folder: Path) -> None:
    ours = {name for file in folder.rglob("*.py") if "tests" not in file.parts for name in imported(file.read_text())}

    assert {name for name in ours if name.startswith("bo_panel")} == {"bo_panel.sdk"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_plugin_has_a_readme_and_can_be_installed_alone(folder: Path) -> None:
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    module, _, title = project["entry-points"]["bo_panel.plugins"][folder.name].partition(":")

    assert (folder / "README.md").read_text().startswith(f"# {folder.name}\n")
    assert module == f"bo_panel_{folder.name}.plugin"
    assert f"class {title}(Plugin):" in (folder / "plugin.py").read_text()
