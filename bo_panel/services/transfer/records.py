"""Tables of records, the rows of a plugin's page, as files."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from bo_panel.domain.tabular import Format, Sheet, harmless
from bo_panel.queries.streaming import blocks
from bo_panel.services.transfer import writing
from bo_panel.services.transfer.workbook import workbook
from bo_panel.services.transfer.writing import Piece, Rows


def pieces_of(session: Session, sheet: Sheet, texts: Select[Any], folder: Path) -> Iterator[Piece]:
    """Yield the file of a select of texts, which are read as they are written; what is for a spreadsheet holds no formula."""
    rows: Iterator[Rows] = blocks(session, texts)
    if not sheet.format.for_people:
        return writing.json_lines(sheet, rows, "")
    rows = (_harmless(block) for block in rows)
    return workbook(sheet, rows, folder) if sheet.format is Format.XLSX else writing.csv_of_rows(sheet, rows)


def _harmless(block: Rows) -> Sequence[Sequence[Any]]:
    return [[harmless(value) if isinstance(value, str) else value for value in row] for row in block]
