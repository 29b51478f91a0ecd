"""Promises that hold for all files at once (DESIGN §9)."""

import ast
import re

from bo_panel.settings.loading import deployments
from tests.architecture.sources import ROOT, imported, modules, shown, tracked, tree_of
from tests.seeds.proven import all_lines, marked

ONLY_WRITER = "bo_panel/services/engine/transaction.py"
HOME = re.compile(r"/(?:home|Users|root|work|opt|mnt|srv)/[\w.-]+")
MACHINE = re.compile(r"(?:index-url|extra-index|find-links|pypi\.|--index|file:///)")
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36}")
BINARY = {".png", ".ico", ".woff2", ".jpg", ".db"}


def texts() -> dict[str, str]:
    return {shown(path): path.read_text(encoding="utf-8") for path in tracked() if path.suffix not in BINARY}


def calls(name: str) -> set[str]:
    """Return the files of bo_panel in which something with this name is called."""
    found: set[str] = set()
    for path in modules("bo_panel"):
        named = (ast.unparse(node.func).rpartition(".")[2] for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))
        found |= {shown(path) for called in named if called == name}
    return found


def test_only_the_engine_commits() -> None:
    assert calls("commit") == {ONLY_WRITER}


def test_the_mark_of_a_writing_transaction_is_set_in_one_place() -> None:
    setting = {shown(path) for path in modules("bo_panel") if any(_sets_the_mark(node) for node in ast.walk(tree_of(path)))}

    assert setting == {ONLY_WRITER, "bo_panel/bootstrap/migrations.py"}


def _sets_the_mark(node: ast.AST) -> bool:
    return isinstance(node, ast.Dict) and any(isinstance(name, ast.Name) and name.id == "WRITES" for name in node.keys)


def test_what_the_engine_puts_on_the_trail_it_leaves_for_the_plugins_too() -> None:
    inserting = {name for name, text in texts().items() if name.startswith("bo_panel/") and "insert(AuditEvent)" in text}

    assert inserting - {"bo_panel/demo/filling.py"} == calls("post") == {f"bo_panel/services/engine/{name}.py" for name in ("chunk", "single")}


def test_write_transactions_are_opened_below_the_doors_only() -> None:
    doors = ("bo_panel/web/", "bo_panel/cli/", "bo_panel/app/", "bo_panel/sdk/", "bo_panel/hooks/")

    assert {name for name in calls("writing") | calls("written") if name.startswith(doors)} == set()


def test_the_core_names_no_deployment() -> None:
    names = re.compile("|".join(sorted(deployments())))
    core = {shown(path) for path in tracked() if path.is_relative_to(ROOT / "bo_panel") or path.is_relative_to(ROOT / "templates")}

    assert {name: names.findall(text) for name, text in texts().items() if name in core and names.search(text)} == {}


def test_the_core_imports_no_plugin() -> None:
    assert {shown(path) for path in modules("bo_panel") for name in imported(path) if name.split(".")[0] == "plugins"} == set()


def test_plugins_import_the_sdk_and_nothing_else_of_the_core() -> None:
    inside = [path for path in modules("plugins") if "tests" not in path.parts]

    assert {(shown(path), name) for path in inside for name in imported(path) if name.startswith("bo_panel") and name != "bo_panel.sdk"} == set()


def test_every_seed_line_that_a_test_claims_exists() -> None:
    assert len(all_lines()) == 183
    assert {line: where for line, where in marked().items() if line not in all_lines()} == {}


def test_no_file_holds_a_path_of_one_machine_or_the_address_of_a_registry() -> None:
    own = {"tests/architecture/test_promises.py"}
    found = {name: HOME.findall(text) + MACHINE.findall(text) for name, text in texts().items() if name not in own}

    assert {name: hits for name, hits in found.items() if hits} == {}


def test_no_file_holds_a_key() -> None:
    assert {name for name, text in texts().items() if SECRET.search(text)} == set()


def test_pages_hold_no_script_no_style_and_trust_no_data() -> None:
    unsafe = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")|\|\s*safe\b")
    pages = {name: unsafe.findall(text) for name, text in texts().items() if name.startswith("templates/")}

    assert {name: hits for name, hits in pages.items() if hits} == {}
