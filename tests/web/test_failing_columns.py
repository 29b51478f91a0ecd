"""Columns of plugins that fail in the database: the list does without them, and whatever goes by them is refused by their names."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import case, func

from bo_panel.hooks.on_users import Column
from tests.seeds.companies import WILL, fixit  # noqa: F401 fixtures
from tests.site import application
from tests.web.columns import noted, signed_in, with_column, with_columns


def fails_with_data(asking: Any) -> Any:
    """Return an expression that fails for those whom there are only: a division by zero, a document that is none."""
    user = asking.user
    return 1 / (user.id - user.id) if asking.dialect == "postgresql" else func.json_extract(user.user_name, "$.x")


@pytest.mark.parametrize("query", ["cols=field_service.x&cols=email", "sort=field_service.x", "field_service.x=1&cols=email"])
def test_a_column_that_fails_in_the_database_is_left_out_of_the_list(fixit, query):  # noqa: F811
    browser = with_column(fixit, Column("field_service.x", "Odd one", sql=fails_with_data, number=True, sortable=True, at_least=(1,)))
    page = browser.get(f"/users/?{query}")

    assert page.status == 200 and set(page.names) == {"Alma Arno", "Ann Ledger", "Tom Wrench", "Will Early"}
    assert "Odd one could not be worked out, so this list does without it." in page.text and "Odd one" not in page.columns
    assert noted(fixit) == [("field_service", "bo_columns field_service.x")]
    assert browser.get("/users/?cols=email").messages == []


ODD_ONE = Column("field_service.x", "Odd one", sql=fails_with_data, number=True, sortable=True, at_least=(0, 30), shown=True)
FAILED = "The column “Odd one” of the plugin field_service could not be worked out for everybody."


@pytest.mark.parametrize("query", ["", "cols=field_service.x", "cols=field_service.x&sort=field_service.y", "field_service.y=0&cols=field_service.x"])
def test_a_second_column_that_fails_is_left_out_too(fixit, query):  # noqa: F811
    page = with_columns(fixit, ODD_ONE, replace(ODD_ONE, key="field_service.y", label="Odder one")).get(f"/users/?{query}")

    assert page.status == 200 and set(page.names) == {"Alma Arno", "Ann Ledger", "Tom Wrench", "Will Early"}
    assert [said.split(" could not")[0] for said in page.messages] == ["Odd one", "Odder one"]
    assert sorted(noted(fixit)) == [("field_service", "bo_columns field_service.x"), ("field_service", "bo_columns field_service.y")]


def test_columns_that_fail_only_together_are_left_out(fixit):  # noqa: F811
    def late(asking: Any) -> Any:
        """Return an expression that fails for Will alone, who is on the page only where the other one narrows it."""
        somebody = case((asking.user.id == WILL, 0), else_=1)
        return 1 / somebody if asking.dialect == "postgresql" else func.json_extract(case((asking.user.id == WILL, "x"), else_="1"), "$")

    by_id = Column("field_service.y", "Id", sql=lambda asking: asking.user.id, number=True, sortable=True)
    columns = replace(ODD_ONE, sql=late, at_least=(), shown=False), by_id
    users = fixit.panel.settings.users.model_copy(update={"page_sizes": (1,), "page_size": 1})
    host = replace(fixit.panel.host, registry=replace(fixit.panel.registry, columns={column.key: column for column in columns}))
    fixit.others.append(application(replace(fixit.panel, host=host, settings=fixit.panel.settings.model_copy(update={"users": users}))))
    page = signed_in(fixit).get("/users/?cols=field_service.x&cols=field_service.y&sort=-field_service.y")

    assert (page.status, page.names) == (200, ["Will Early"])
    assert "Odd one could not be worked out" in page.text and "Id" in page.columns


@pytest.mark.parametrize("path", ["all/?{0}", "all/?{0}&action=archive", "all/run/", "export/"])
def test_whoever_is_narrowed_by_a_column_that_fails_is_refused_by_its_name(fixit, path):  # noqa: F811
    browser = with_column(fixit, ODD_ONE)
    query = {"field_service.x": "0", "action": "archive", "expected": "4", "high_water": "99", "format": "csv", "csrf_token": browser.token()}
    before = fixit.everything()["audit_event"]
    page = browser.get(f"/users/{path.format('field_service.x=0')}") if "?" in path else browser.post(f"/users/{path}", query)

    assert (page.status, page.path) == (200, "/users/")
    assert FAILED in page.messages[0] and "(column.failed)" in page.messages[0]
    assert ("field_service", "bo_columns field_service.x") in noted(fixit)
    assert fixit.everything()["audit_event"] == before


def test_the_file_of_those_left_alone_is_refused_where_a_column_fails(fixit):  # noqa: F811
    page = with_column(fixit, ODD_ONE).get("/users/all/refused/?field_service.x=0&action=archive")

    assert (page.status, page.codes) == (409, ["column.failed"]) and FAILED in page.text


@pytest.mark.parametrize("query", [{"cols": "field_service.x"}, {"sort": "field_service.x", "cols": "email"}, {"cols": ["email", "field_service.x"]}])
@pytest.mark.parametrize("written_as", ["csv", "xlsx", "jsonl"])
def test_a_file_with_a_column_that_fails_is_refused_before_it_begins(fixit, query, written_as):  # noqa: F811
    browser = with_column(fixit, ODD_ONE)
    before = fixit.everything()["audit_event"]
    page = browser.post("/users/export/", {"csrf_token": browser.token(), "format": written_as, **query})

    assert (page.status, page.path) == (200, "/users/")
    assert FAILED in page.messages[0] and "(column.failed)" in page.messages[0]
    assert fixit.everything()["audit_event"] == before
    assert ("field_service", "bo_columns field_service.x") in noted(fixit)


def test_what_is_worked_out_for_everybody_is_exported(fixit):  # noqa: F811
    browser = with_column(fixit, replace(ODD_ONE, sql=lambda asking: asking.user.id * 10))
    query = {"cols": "field_service.x", "sort": "-field_service.x", "field_service.x": "30"}
    told = browser.post("/users/export/", {"csrf_token": browser.token(), "format": "csv", **query}).response.text.splitlines()

    assert told[0] == "\ufeffName,Odd one" and told[1:3] == [f"Will Early,{WILL}0", f"Tom Wrench,{WILL - 1}0"]
