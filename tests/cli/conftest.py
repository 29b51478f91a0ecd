"""A folder of its own with the repository's deployments, plugins and migrations, and a `bo` that works in it."""

import io
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bo_panel.bootstrap import Panel
from bo_panel.cli import run
from bo_panel.settings.loading import ROOT


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did: its exit code, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What was printed, read as JSON."""
        return json.loads(self.out)


Bo = Callable[..., Ran]


def no_web(_panel: Panel) -> None:
    raise AssertionError("this command serves nothing")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name in ("DATABASE_URL", "SECRET_KEY", "REDIS_URL") or (name.startswith("BO_") and not name.startswith("BO_TEST_")):
            monkeypatch.delenv(name)
    folder = tmp_path / "panel"
    folder.mkdir()
    for name in ("config", "plugins", "migrations"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "tests"))
    return folder


@pytest.fixture
def bare(root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Bo:
    monkeypatch.setattr("sys.stdin", io.StringIO())

    def ran(*arguments: str) -> Ran:
        capsys.readouterr()
        code = run(arguments, no_web, root)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return ran


@pytest.fixture
def bo(bare: Bo, monkeypatch: pytest.MonkeyPatch) -> Bo:
    monkeypatch.setenv("BO_DEPLOYMENT", "service_provider")
    return bare


@pytest.fixture
def filled(bo: Bo) -> Bo:
    assert bo("demo", "--no-serve", "--users", "200").code == 0
    return bo
