"""What is wrong with plugins is told at once, also what is seen only where there is a database."""

from dataclasses import replace
from pathlib import Path

import pytest

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.migrations import pending, upgrade
from bo_panel.bootstrap.plugins import host_of
from bo_panel.hooks.problems import PluginError
from bo_panel.hooks.registry import LoadedPlugin

PLUGIN = """
from bo_panel.sdk import *

class Odd(Plugin):
    meta = PluginMeta(name="odd", version="1.0.0", api=">=1.0,<2")

    @hookimpl
    def bo_tabs(self):
        yield Tab("odd.x", "X", ())

    @hookimpl
    def bo_columns(self):
        from sqlalchemy import func
        yield Column("odd.c", "C", sql=lambda asking: func.no_such_thing(asking.user.id))

    @hookimpl
    def bo_actions(self):
        yield Action("odd.p", "P", ("toolbar",), page="/nowhere/")
"""


@pytest.fixture
def odd(panel: Panel, tmp_path: Path) -> Panel:
    (tmp_path / "plugins" / "odd").mkdir(parents=True)
    (tmp_path / "plugins" / "odd" / "plugin.py").write_text(PLUGIN)
    deployment = panel.settings.deployment.model_copy(update={"plugins": ("odd",)})
    panel.settings._root = tmp_path
    object.__setattr__(panel, "settings", panel.settings.model_copy(update={"deployment": deployment, "plugins": {}}))
    return panel


def test_pages_and_columns_are_told_with_everything_else(odd: Panel) -> None:
    with pytest.raises(PluginError) as caught:
        host_of(odd.settings)

    assert [(problem.hook, problem.item) for problem in caught.value.problems] == [
        ("bo_tabs", "odd.x"),
        ("bo_actions", "odd.p"),
        ("bo_columns", "odd.c"),
    ]


def test_without_a_database_the_rest_is_told_all_the_same(odd: Panel) -> None:
    nowhere = odd.settings.database.model_copy(update={"url": "mysql://nowhere"})

    with pytest.raises(PluginError) as caught:
        host_of(odd.settings.model_copy(update={"database": nowhere}))

    assert [problem.hook for problem in caught.value.problems] == ["bo_tabs", "bo_actions"]


def test_a_refused_start_makes_no_database(odd: Panel, tmp_path: Path) -> None:
    new = odd.settings.database.model_copy(update={"url": f"sqlite:///{tmp_path / 'var' / 'new.db'}"})

    with pytest.raises(PluginError):
        Panel.start(odd.settings.model_copy(update={"database": new}))

    assert not (tmp_path / "var").exists()


def test_what_is_wrong_with_the_migrations_of_several_plugins_is_told_at_once(panel: Panel, tmp_path: Path) -> None:
    plugins = []
    for name in ("one", "two"):
        versions = tmp_path / name / "migrations" / "versions"
        versions.mkdir(parents=True)
        (versions / "x.py").write_text("revision = 'x'\n(")
        plugins.append(LoadedPlugin(name, "1.0", "1.0", (), False, "", "here", tmp_path / name, ()))
    other = replace(panel, host=replace(panel.host, registry=replace(panel.registry, plugins=tuple(plugins))))

    for asked in (pending, upgrade):
        with pytest.raises(PluginError) as caught:
            asked(other)
        assert [problem.plugin for problem in caught.value.problems] == ["one", "two"]


READS = """
from sqlalchemy import Column as Col, Integer, MetaData, Table, select
from bo_panel.sdk import *

POINTS = Table("p_odd_points", MetaData(), Col("user_id", Integer), Col("points", Integer))

class Odd(Plugin):
    meta = PluginMeta(name="odd", version="1.0.0", api=">=1.0,<2")

    @hookimpl
    def bo_columns(self):
        sql = lambda asking: select(POINTS.c.points).where(POINTS.c.user_id == asking.user.id).scalar_subquery()
        yield Column("odd.points", "Points", sql=sql, number=True)
"""
MAKES = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "odd_1", None
def upgrade():
    op.create_table("p_odd_points", sa.Column("user_id", sa.Integer), sa.Column({column!r}, sa.Integer))
"""


@pytest.mark.parametrize("column", ["points", "pionts"])
def test_a_column_that_reads_what_an_upgrade_is_still_to_make_is_looked_at_after_it(odd: Panel, tmp_path: Path, column: str) -> None:
    (tmp_path / "plugins" / "odd" / "plugin.py").write_text(READS)
    versions = tmp_path / "plugins" / "odd" / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "odd_1.py").write_text(MAKES.format(column=column))

    host = host_of(odd.settings)
    before = replace(odd, host=host)
    assert pending(before) == {"odd": ["odd_1"]}
    upgrade(before)
    try:
        if column == "points":
            assert host_of(odd.settings).registry.columns["odd.points"].number
        else:
            with pytest.raises(PluginError, match=r"odd\.points › sql: the database refuses it"):
                host_of(odd.settings)
    finally:
        with odd.database.begin() as connection:
            connection.exec_driver_sql("DROP TABLE p_odd_points")
            connection.exec_driver_sql("DROP TABLE alembic_version_p_odd")
