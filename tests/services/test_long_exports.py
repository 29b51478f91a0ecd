"""A long export is read in two selects, so that its first rows are there at once; it is the same file."""

import pytest

from bo_panel.domain.actors import ROOT
from bo_panel.domain.pages import Order
from bo_panel.domain.tabular import COLUMNS, Sheet
from bo_panel.queries.users import Wanted
from bo_panel.queries.visible import Scope
from bo_panel.services.transfer import Export
from bo_panel.services.transfer import export as exporting
from bo_panel.testing import World


def file_of(world: World, kind: str) -> tuple[bytes, int]:
    sheet = Sheet.of(kind, tuple(COLUMNS), {column: column for column in COLUMNS})
    export = Export(sheet, Wanted(order=Order("name", descending=True)), Scope((ROOT,)))
    with world.panel.exporter.reading(export) as reading:
        pieces = list(reading.pieces(1))
    return b"".join(data for data, _rows in pieces), sum(rows for _data, rows in pieces)


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_everybody_is_in_the_file_once_and_in_order(world: World, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    unit = world.unit("North", kind="grove.area")
    for number in range(9):
        user_id = world.user(f"ann.{number}", first_name="Ann", last_name=f"No {number % 3}", home=unit)
        world.grant(user_id, "grove.viewer", unit)
    whole = file_of(world, kind)
    monkeypatch.setattr(exporting, "FIRST", 4)
    monkeypatch.setattr(exporting, "is_most", lambda _session, _users: True)

    assert file_of(world, kind) == whole
    assert whole[1] == 9
