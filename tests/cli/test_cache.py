"""`bo cache clear`: everywhere, or at some units, and what is said where nothing is kept."""

import pytest

from tests.cli.conftest import Bo


@pytest.fixture
def office(bare: Bo, monkeypatch: pytest.MonkeyPatch) -> Bo:
    """A ticket office whose database is there, with nobody in it."""
    monkeypatch.setenv("BO_DEPLOYMENT", "ticketing")
    assert bare("db", "upgrade").code == 0
    return bare


def test_it_is_cleared_everywhere_or_where_it_is_said_and_is_on_the_audit_log(office: Bo) -> None:
    done = office("cache", "clear")
    assert (done.code, done.out.strip()) == (0, "Cleared at Platform and beneath: Dashboard, Site.")

    again = office("cache", "clear", "--unit", "1", "--json").json
    assert (again["units"], again["cleared"]) == ([{"id": 1, "name": "Platform"}], ["Dashboard", "Site"])
    assert [row["event"] for row in office("audit", "tail", "--json").json] == ["caches.cleared", "caches.cleared"]


def test_a_unit_that_there_is_not_is_told(office: Bo) -> None:
    refused = office("cache", "clear", "--unit", "999")

    assert refused.code == 1 and refused.err.startswith("There is nothing here.")
    assert office("cache", "clear", "--unit", "x").code == 2


def test_where_no_plugin_keeps_anything_that_is_said(bo: Bo) -> None:
    assert bo("db", "upgrade").code == 0

    assert bo("cache", "clear").out.strip() == "No plugin keeps anything of units."
