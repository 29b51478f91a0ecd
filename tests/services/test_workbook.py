"""Workbooks: put together on a disk, and nothing of them stays there."""

import os
import stat
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from bo_panel.domain.tabular import Format, Sheet
from bo_panel.services.transfer import workbook as module
from bo_panel.services.transfer.workbook import tidy, workbook

SHEET = Sheet(Format.XLSX, ("id", "name"), ("ID", "=Name"))
BLOCKS = [[(1, "Ann"), (2, None)], [(3, "Bo")]]


def test_the_file_comes_after_the_rows_and_leaves_nothing(tmp_path: Path) -> None:
    pieces = list(workbook(SHEET, BLOCKS, tmp_path / "exports"))

    assert [piece.rows for piece in pieces if not piece.data] == [2, 1]
    with zipfile.ZipFile(BytesIO(b"".join(piece.data for piece in pieces))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<t>'=Name</t>" in sheet
    assert "<v>3</v>" in sheet
    assert "<f>" not in sheet
    assert list((tmp_path / "exports").iterdir()) == []


def test_what_is_given_up_half_way_leaves_nothing_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    pieces = workbook(SHEET, BLOCKS, tmp_path)
    next(pieces)
    [place] = tmp_path.iterdir()
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    pieces.close()  # type: ignore[attr-defined]

    assert list(tmp_path.iterdir()) == []


def test_more_users_than_a_sheet_takes_go_on_on_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    data = b"".join(piece.data for piece in workbook(SHEET, BLOCKS, tmp_path))

    with zipfile.ZipFile(BytesIO(data)) as book:
        second = book.read("xl/worksheets/sheet2.xml").decode()
    assert "<t>Bo</t>" in second
    assert "<t>'=Name</t>" in second


def test_what_a_killed_process_left_is_removed_after_a_day(tmp_path: Path) -> None:
    old, new = tmp_path / "unfinished-old", tmp_path / "unfinished-new"
    for place in (old, new):
        place.mkdir()
        (place / "table.xlsx").write_bytes(b"half")
    long_ago = time.time() - 2 * 86_400
    os.utime(old, (long_ago, long_ago))

    tidy(tmp_path)

    assert [place.name for place in tmp_path.iterdir()] == ["unfinished-new"]
