"""Tables that leave the panel: their formats, their columns, and what keeps a spreadsheet from taking a text for a formula."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bo_panel.domain.errors import TooManyColumns, UnknownColumn, UnknownFormat

COLUMNS = ("name", "user_name", "first_name", "last_name", "email", "phone", "home", "role", "status", "last_sign_in", "id")
"""The keys of what can be shown of a user; the same in every language."""
GUEST_COLUMNS = frozenset({"name", "user_name", "first_name", "last_name", "role", "status"})
"""What is shown of somebody who is at home elsewhere."""

WIDE = ("\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", *WIDE)
"""What a spreadsheet takes for the beginning of a formula, wide forms included."""
DISARMED = "'"


class Format(StrEnum):
    """What a table is written as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"

    @property
    def media(self) -> str:
        """What a browser is told that it is."""
        return MEDIA[self]

    @property
    def for_people(self) -> bool:
        """Whether it is opened in a spreadsheet, and so is written in words and kept from being taken for formulas."""
        return self is not Format.JSONL


MEDIA = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSONL: "application/x-ndjson; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a table is like: its format, the keys of its columns, and their heads in the words of whoever reads it."""

    format: Format
    columns: tuple[str, ...]
    heads: tuple[str, ...]

    @classmethod
    def of(cls, written_as: str, columns: Sequence[str], heads: Mapping[str, str]) -> "Sheet":
        """Return the table that was asked for, of columns that have a head; raise UnknownFormat, TooManyColumns or UnknownColumn otherwise."""
        if written_as not in tuple(Format):
            raise UnknownFormat(formats=", ".join(Format))
        if len(columns) > len(heads):
            raise TooManyColumns(count=len(columns), limit=len(heads))
        unknown = next((column for column in columns if column not in heads), None)
        if unknown is not None or not columns:
            raise UnknownColumn(name=(unknown or "Nothing")[:40], columns=", ".join(heads))
        once = tuple(dict.fromkeys(columns))
        return cls(Format(written_as), once, tuple(heads[column] for column in once))


def harmless(text: str) -> str:
    """Return the text in a form that no spreadsheet takes for a formula."""
    return f"{DISARMED}{text}" if text.startswith(FORMULAS) else text
