"""What a table that leaves the panel may be like."""

from typing import get_args

import pytest

from bo_panel.domain.errors import TooManyColumns, UnknownColumn, UnknownFormat
from bo_panel.domain.tabular import COLUMNS, FORMULAS, GUEST_COLUMNS, Format, Sheet, harmless
from bo_panel.settings.sections import OwnColumn

HEADS = {column: column.title() for column in COLUMNS}


@pytest.mark.parametrize("start", FORMULAS)
def test_what_begins_a_formula_is_kept_from_it(start: str) -> None:
    assert harmless(f"{start}1") == f"'{start}1"


@pytest.mark.parametrize("text", ["", "Ana", "a=b", "1-2", "'=1", "ann@example.com"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_columns_are_those_of_the_list_but_for_the_link_to_the_form() -> None:
    assert {*COLUMNS, "edit"} == {"name", *get_args(OwnColumn)}
    assert set(COLUMNS) > GUEST_COLUMNS


def test_a_sheet_names_every_column_once_with_its_head() -> None:
    sheet = Sheet.of("jsonl", ["id", "email", "id"], HEADS)

    assert (sheet.format, sheet.columns, sheet.heads) == (Format.JSONL, ("id", "email"), ("Id", "Email"))


@pytest.mark.parametrize(
    ("written_as", "columns", "refusal"),
    [
        ("pdf", ["id"], UnknownFormat),
        ("", ["id"], UnknownFormat),
        ("csv", ["id", "password"], UnknownColumn),
        ("csv", [], UnknownColumn),
        ("csv", ["id"] * 99, TooManyColumns),
    ],
)
def test_what_cannot_be_had_is_refused(written_as: str, columns: list[str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        Sheet.of(written_as, columns, HEADS)
