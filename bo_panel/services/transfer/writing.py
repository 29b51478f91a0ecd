"""Rows written as CSV and as JSON Lines, as they come."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from json import JSONEncoder
from typing import Any, NamedTuple

from bo_panel.domain.tabular import Sheet, harmless

END = "\r\n"
"""How a line ends in CSV (RFC 4180)."""
MARK = "\ufeff"
"""Tells a spreadsheet that what follows is UTF-8."""

Rows = Sequence[Sequence[Any]]


class Piece(NamedTuple):
    """Some bytes of a file, and how many users have been written since the piece before."""

    data: bytes
    rows: int = 0


def csv_of_rows(sheet: Sheet, blocks: Iterable[Rows]) -> Iterator[Piece]:
    """Yield a CSV file of rows."""
    yield Piece(_head(sheet))
    for rows in blocks:
        yield Piece(_csv(rows), len(rows))


def csv_of_lines(sheet: Sheet, blocks: Iterable[Sequence[bytes]]) -> Iterator[Piece]:
    """Yield a CSV file of lines that end in a line feed alone."""
    yield Piece(_head(sheet))
    end = END.encode()
    for lines in blocks:
        data = b"".join(lines)
        plain = data.count(b"\n") == len(lines)  # no value has lines of its own
        yield Piece(data.replace(b"\n", end) if plain else b"".join(line[:-1] + end for line in lines), len(lines))


def json_lines(sheet: Sheet, blocks: Iterable[Rows], between: str) -> Iterator[Piece]:
    """Yield a file of one JSON object a line, with the keys of the columns; roles are a list."""
    encode, roles = JSONEncoder(ensure_ascii=False).encode, sheet.columns.index("role") if "role" in sheet.columns else None
    for rows in blocks:
        parted = rows if roles is None else [(*row[:roles], _parted(row[roles], between), *row[roles + 1 :]) for row in rows]
        text = "\n".join([encode(dict(zip(sheet.columns, row, strict=True))) for row in parted])
        yield Piece(f"{text}\n".encode(), len(rows))


def _parted(text: str | None, between: str) -> list[str]:
    return text.split(between) if text else []


def _head(sheet: Sheet) -> bytes:
    return MARK.encode() + _csv([[harmless(head) for head in sheet.heads]])


def _csv(rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=END).writerows(rows)
    return text.getvalue().encode()
