"""What is wrong with plugins is told at once, also what is seen only where there is a database."""

from pathlib import Path

import pytest

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.plugins import host_of
from bo_panel.hooks.problems import PluginError

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
