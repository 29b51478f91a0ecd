"""Rows written as a workbook, which is put together on a disk because its end has to be known before its beginning."""

import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from xlsxwriter import Workbook

from bo_panel.domain.tabular import Sheet, harmless
from bo_panel.services.transfer.writing import Piece, Rows

MOST_ROWS = 1_000_000
"""How many users one sheet takes; a spreadsheet has 1,048,576 rows."""
PIECE = 2**18
UNFINISHED = "unfinished-"
A_DAY = 86_400
PLAIN = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDE = {"name": 28, "user_name": 24, "email": 36, "home": 28, "role": 36, "last_sign_in": 22}
NARROW = 16


def workbook(sheet: Sheet, blocks: Iterable[Rows], folder: Path) -> Iterator[Piece]:
    """Yield what the rows make up as an .xlsx file; all of its bytes come after the last row."""
    folder.mkdir(parents=True, exist_ok=True)
    place = Path(mkdtemp(prefix=UNFINISHED, dir=folder))  # for nobody else to look into
    try:
        file = place / "table.xlsx"
        with Workbook(file, {**PLAIN, "tmpdir": str(place)}) as book:
            book.use_zip64()
            for count in _filled(book, sheet, blocks):
                yield Piece(b"", count)
        with file.open("rb") as written:
            while data := written.read(PIECE):
                yield Piece(data)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def tidy(folder: Path) -> None:
    """Remove what workbooks left on the disk whose process was killed; none takes a day."""
    for place in folder.glob(f"{UNFINISHED}*"):
        with suppress(OSError):  # another process may be tidying too
            if place.stat().st_mtime < time.time() - A_DAY:
                shutil.rmtree(place)


def _filled(book: Any, sheet: Sheet, blocks: Iterable[Rows]) -> Iterator[int]:
    """Write the rows, on another sheet where one is full, and yield how many at a time."""
    page, line = _page(book, sheet), 0
    for rows in blocks:
        for row in rows:
            if line == MOST_ROWS:
                page, line = _page(book, sheet), 0
            line += 1
            _write(page, line, row)
        yield len(rows)


def _write(page: Any, line: int, row: Sequence[Any]) -> None:
    for column, value in enumerate(row):
        if value is not None:
            (page.write_string if isinstance(value, str) else page.write_number)(line, column, value)


def _page(book: Any, sheet: Sheet) -> Any:
    page, bold = book.add_worksheet(), book.add_format({"bold": True})
    page.freeze_panes(1, 0)
    for column, key in enumerate(sheet.columns):
        page.set_column(column, column, WIDE.get(key, NARROW))
    for column, head in enumerate(sheet.heads):
        page.write_string(0, column, harmless(head), bold)
    return page
