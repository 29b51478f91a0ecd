"""A page over a table that no migration makes is a problem of its plugin, and nothing is upgraded."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import String, inspect
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.migrations import upgrade
from bo_panel.hooks.problems import PluginError
from bo_panel.sdk import RecordColumns, plugin_base, unit_reference
from bo_panel.settings import load
from bo_panel.testing import CheapHasher


class Late(RecordColumns, plugin_base("ticketing")):  # type: ignore[misc]
    __tablename__ = "p_ticketing_late"
    shop_id: Mapped[int] = unit_reference()


class Member(RecordColumns, plugin_base("ticketing")):  # type: ignore[misc]
    __tablename__ = "p_ticketing_member"
    shop_id: Mapped[int] = unit_reference()
    late: Mapped[str | None] = mapped_column(String(40))


@pytest.mark.parametrize(
    ("model", "says"),
    [(Late, "no migration makes p_ticketing_late."), (Member, "no migration makes p_ticketing_member with shop_id, late.")],
)
def test_it_is_told_and_the_database_is_as_it_was(model: type, says: str, tmp_path: Path) -> None:
    panel = Panel.start(load("ticketing", {"DATABASE_URL": f"sqlite:///{tmp_path / 'panel.db'}"}), hasher=CheapHasher())
    pages = {key: replace(page, model=model) for key, page in panel.registry.pages.items()}
    other = replace(panel, host=replace(panel.host, registry=replace(panel.registry, pages=pages)))

    with pytest.raises(PluginError) as caught:
        upgrade(other)

    assert str(caught.value.problems[0]) == f"ticketing › bo_pages › ticketing.people › model: {says} Add one to migrations/versions."
    assert inspect(panel.database).get_table_names() == []
    panel.database.dispose()
