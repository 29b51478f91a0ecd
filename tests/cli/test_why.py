"""`bo why`."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Bo

UNITS = ((2, "Acme", "acme"), (3, "Élan", "elan"), (4, "ELAN", "elan"))
INSERT = """
INSERT INTO unit (id, parent_id, kind, name, sort_name, path, settings, created_at, version)
VALUES (?, 1, 'service_provider.provider', ?, ?, ?, '{}', '2026-01-01 00:00:00', 1)
"""


@pytest.fixture
def ready(bo: Bo, root: Path) -> Bo:
    assert bo("db", "upgrade").code == 0
    with closing(sqlite3.connect(root / "var" / "service_provider" / "bo_panel.db", isolation_level=None)) as connection:
        connection.executemany(INSERT, [(unit_id, name, sorted_by, f"/1/{unit_id}/") for unit_id, name, sorted_by in UNITS])
    assert bo("users", "add", "--owner", "--user-name", "olivia", "--email", "olivia@example.com", "--home", "2").code == 0
    assert bo("users", "add", "--user-name", "sam", "--home", "2").code == 0
    return bo


def test_a_yes_says_which_grant_decides(ready: Bo) -> None:
    ran = ready("why", "OLIVIA@example.com", "users:delete", "acme")

    assert ran.code == 0
    assert ran.out.startswith("olivia can delete users at Acme.\nBecause of Owner at Acme.\nGrants that reach there:\n")


def test_a_no_says_what_is_missing_and_ends_with_zero_too(ready: Bo) -> None:
    ran = ready("why", "sam", "roles:edit", "2")

    assert ran.code == 0
    assert ran.out.startswith("sam cannot edit roles at Acme.\nedit would come with: Owner at Acme.\nGrants that reach there:\n")
    assert "cannot delete users at Platform" in ready("why", "olivia", "users:delete", "1").out


def test_without_a_level_it_says_what_is_held(ready: Bo) -> None:
    assert ready("why", "olivia", "units", "2").out.startswith("olivia can delete units at Acme.")
    nothing = ready("why", "sam", "audit", "2").out
    assert nothing.startswith("sam can do nothing with audit at Acme.\nview would come with: Service Provider Support at Acme,")


def test_who_is_disabled_can_do_nothing_whatever_he_holds(ready: Bo) -> None:
    ready("users", "add", "--owner", "--user-name", "second", "--home", "2")
    ready("users", "disable", "second", "--yes")

    ran = ready("why", "second", "users:view", "2")

    assert "second cannot view users at Acme.\nThe account is not active (disabled), so it can do nothing. The grants give delete." in ran.out
    assert not ready("why", "second", "users:view", "2", "--json").json["allowed"]


def test_as_data_it_is_the_same_answer(ready: Bo) -> None:
    told = ready("why", "sam", "roles:edit", "2", "--json").json

    assert (told["allowed"], told["held"], told["asked"], told["missing"], told["active"]) == (False, None, "edit", "edit", True)
    assert told["would_give"] == [{"role": "owner", "unit_id": 2, "unit": "Acme"}]
    assert [(grant["role"], grant["gives"]) for grant in told["grants"]] == [("member", None)]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("sam", "usres", "1"), "There is no resource 'usres'. Did you mean users?"),
        (("sam", "users:edt", "1"), "users has no level 'edt'. Did you mean edit?"),
        (("sam", "users:fly", "1"), "There are view, edit, create, delete."),
        (("nobody", "users", "1"), "There is nobody called nobody."),
        (("9" * 30, "users", "1"), "There is nobody called 999"),
        (("9" * 5_000, "users", "1"), "There is nobody called 999"),
        (("sam", "users", "Nowhere"), "There is no unit 'Nowhere'; write its name or its id."),
        (("sam", "users", "999"), "There is no unit '999'"),
        (("sam", "users", "9" * 5_000), "There is no unit"),
    ],
    ids=str,
)
def test_what_does_not_exist_is_a_sentence(arguments: tuple[str, ...], says: str, ready: Bo) -> None:
    ran = ready("why", *arguments)

    assert ran.code == 2
    assert says in " ".join(ran.err.split())


def test_a_name_that_several_units_have_asks_for_an_id(ready: Bo) -> None:
    ran = ready("why", "sam", "users", "elan")

    assert ran.code == 2
    assert "Several units are called 'elan': write one of the ids 3, 4." in " ".join(ran.err.split())
    assert ready("why", "sam", "users", "4").code == 0
