"""Columns of the list that refuse the start."""

from dataclasses import replace

import pytest
from sqlalchemy import func, literal

from bo_panel.hooks.on_users import Action, Column
from bo_panel.hooks.problems import PluginError
from tests.seeds.companies import fixit  # noqa: F401 fixtures
from tests.site import application
from tests.web.test_more_columns import with_column


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (lambda asking: asking.unit.name, "reads from more than the user, so that he would be listed several times."),
        (lambda asking: func.count(asking.user.id), "counts users together. Return an expression about one user."),
        (lambda _asking: literal("\ud800"), "holds half a character"),
    ],
    ids=["of units", "of all", "half a character"],
)
def test_an_expression_that_is_not_about_one_user_refuses_the_start(fixit, sql, said):  # noqa: F811
    with pytest.raises(PluginError) as caught:
        with_column(fixit, Column("field_service.x", "X", sql=sql))

    assert f"field_service › bo_columns › field_service.x › sql: {said}" in str(caught.value)


def test_a_page_that_is_not_there_and_a_column_that_cannot_be_made_are_told_together(fixit):  # noqa: F811
    link = Action("field_service.p", "P", kinds=("toolbar",), page="/nowhere/")
    columns = {"field_service.x": Column("field_service.x", "X", sql=lambda _asking: 7)}
    host = replace(fixit.panel.host, registry=replace(fixit.panel.registry, columns=columns, actions={link.key: link}))

    with pytest.raises(PluginError) as caught:
        application(replace(fixit.panel, host=host))
    assert [problem.item for problem in caught.value.problems] == ["field_service.p", "field_service.x"]
