"""The plugin `change_feed`: every change is a line of a file."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bo_panel.hooks.host import Host
from bo_panel.sdk import ChangeEvent, Entry, Level
from bo_panel.settings import Settings
from bo_panel.settings.loading import ROOT

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
ADA = Entry(1, 7, "ada", 3, {"status": "active"}, {"status": "disabled"})
BEN = Entry(2, 8, "bén\n", 3, {"status": "active"}, {"status": "disabled"})
SHARED = {"key": "users.disabled", "at": NOON, "actor_id": None, "actor_name": "console", "change_set_id": 5, "reason": "left"}


def host(file: Path) -> Host:
    settings = {"deployment": {"plugins": ["change_feed"]}, "plugins": {"change_feed": {"file": str(file)}}}
    return Host.compile(Settings.model_validate(settings), ROOT)


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_each_entry_is_a_line_and_nobody_else_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "changes.jsonl"
    found = host(file)

    assert found.listeners == ("change_feed",)
    assert found.tell("change_feed", ChangeEvent(**SHARED, entries=(ADA, BEN))) is None
    assert found.tell("change_feed", ChangeEvent(**SHARED, entries=(ADA,))) is None

    assert [line["id"] for line in lines(file)] == [1, 2, 1]
    assert lines(file)[1] == {
        "id": 2,
        "event": "users.disabled",
        "at": "2026-11-25T12:00:00+00:00",
        "actor_id": None,
        "actor": "console",
        "change_set": 5,
        "reason": "left",
        "user_id": 8,
        "user_name": "bén\n",
        "unit_id": 3,
        "before": {"status": "active"},
        "after": {"status": "disabled"},
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_a_full_disk_cut_off_spoils_no_other_line(tmp_path: Path) -> None:
    file = tmp_path / "changes.jsonl"
    file.write_text('{"id": 1, "ev')
    host(file).tell("change_feed", ChangeEvent(**SHARED, entries=(ADA,)))
    host(file).tell("change_feed", ChangeEvent(**SHARED, entries=(BEN,)))

    assert [json.loads(line)["id"] for line in file.read_text().splitlines()[1:]] == [1, 2]


def test_a_file_that_cannot_be_written_is_a_failure_and_is_told_without_its_name(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    trouble = host(tmp_path / "nowhere" / "changes.jsonl").tell("change_feed", ChangeEvent(**SHARED, entries=(ADA,)))

    assert trouble is not None
    assert trouble.startswith("FileNotFoundError at plugin.py:")
    assert "the plugin change_feed failed while it was told of users.disabled" in caplog.text


def test_the_doctor_tells_whether_the_file_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / "changes.jsonl"
    assert [found.level for found in host(file).examine("change_feed")] == [Level.OK]

    file.touch()
    [found] = host(file).examine("change_feed")
    assert (found.level, found.text) == (Level.OK, f"{file} can be written.")

    [found] = host(tmp_path / "nowhere" / "changes.jsonl").examine("change_feed")
    assert found.level is Level.ERROR
    assert found.text.endswith("or set [plugins.change_feed] file.")
