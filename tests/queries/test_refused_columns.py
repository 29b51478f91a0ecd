"""Columns of the list that refuse the start."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, literal

from bo_panel.bootstrap import Panel
from bo_panel.hooks.core import Declared
from bo_panel.hooks.on_users import Column
from bo_panel.queries.plugin_columns import column_problems

ODD: dict[str, tuple[Callable[[Any], Any], str]] = {
    "of units": (lambda asking: asking.unit.name, "reads from more than the user, so that he would be listed several times."),
    "of all": (lambda asking: func.count(asking.user.id), "counts users together. Return an expression about one user."),
    "half a character": (lambda _asking: literal("\ud800"), "holds half a character"),
    "a function that no database has": (lambda asking: func.no_such_thing(asking.user.id), "the database refuses it: "),
    "no expression": (lambda _asking: 7, "failed: TypeError at "),
    "a field that users do not have": (lambda asking: asking.user.nothing, "failed: AttributeError at "),
    "what fails": (lambda _asking: 1 / 0, "failed: ZeroDivisionError at "),
}


def of(name: str, *columns: Column) -> list[Declared]:
    return [Declared(plugin=name, items={Column: columns})]


@pytest.mark.parametrize("case", ODD)
def test_an_expression_that_is_not_about_one_user_is_told(panel: Panel, case: str) -> None:
    sql, said = ODD[case]

    [problem] = column_problems(of("a", Column("a.x", "X", sql=sql), Column("a.y", "Y", sql=lambda asking: asking.user.id)), panel.database)

    assert f"a › bo_columns › a.x › sql: {said}" in str(problem)


def test_all_that_the_database_refuses_is_told_at_once(panel: Panel) -> None:
    columns = [Column(f"a.{name}", name, sql=lambda _asking, name=name: getattr(func, f"no_{name}")()) for name in ("x", "y")]

    told = [str(problem) for problem in column_problems(of("a", *columns), panel.database)]

    assert ["no_x" in told[0], "no_y" in told[1], len(told)] == [True, True, 2]


def test_a_column_with_the_key_of_another_plugin_is_not_told_of_that_one(panel: Panel) -> None:
    wrong = Column("b.c", "C", sql=ODD["what fails"][0])

    assert list(column_problems(of("a", wrong), panel.database)) == []
    [problem] = column_problems([*of("a", wrong), *of("b", wrong)], panel.database)
    assert (problem.plugin, problem.item) == ("b", "b.c")
