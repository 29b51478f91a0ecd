"""`docs/plugins.md`, followed to the letter in a copy of the tree: its files are written, its commands run, and what they print is looked for."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bo_panel.settings.loading import ROOT
from tests.architecture.sources import tracked

FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VENV = Path(sys.prefix)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The tree as it is under version control, with the libraries that `make demo` would have installed."""
    folder = tmp_path / "checkout"
    for path in tracked():
        if path.relative_to(ROOT).parts[0] != "tests":
            copy = folder / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    (folder / ".venv").symlink_to(VENV)
    return folder


def steps() -> Iterator[tuple[str, str, str]]:
    """Yield the blocks of the page: language, file and text."""
    yield from FENCE.findall((ROOT / "docs" / "plugins.md").read_text(encoding="utf-8"))


def run(commands: str, folder: Path) -> str:
    """Return what commands print, as somebody in that folder would see it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BO_") and name not in ("DATABASE_URL", "REDIS_URL")}
    environ = {**kept, "PATH": f"{folder / '.venv' / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(folder), "COLUMNS": "200"}
    done = subprocess.run(["sh", "-ec", commands], cwd=folder, env=environ, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{commands}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def test_the_page_holds_when_it_is_followed_to_the_letter(checkout: Path) -> None:
    printed = ""
    for language, file, text in steps():
        if file:
            (checkout / file).parent.mkdir(parents=True, exist_ok=True)
            (checkout / file).write_text(text, encoding="utf-8")
        elif language == "sh":
            printed = run(text, checkout)
        elif language == "text":
            assert [line for line in text.splitlines() if line not in printed] == [], printed

    assert (checkout / "plugins" / "fleet" / "tests" / "test_fleet.py").is_file()
    assert not (ROOT / "plugins" / "fleet").exists()


def test_each_block_is_a_file_a_command_or_what_is_printed() -> None:
    assert {language for language, file, _text in steps() if not file} == {"sh", "text"}
    assert all(language in ("python", "toml", "html") for language, file, _text in steps() if file)
