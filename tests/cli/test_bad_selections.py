"""Bad input on the command line, on both databases: row by row refused, undone twice, undone again."""

import pytest

from bo_panel.bootstrap import Panel
from bo_panel.domain.access import OWNER
from bo_panel.domain.lifecycle import Status
from bo_panel.testing import World
from tests.cli.conftest import Bo
from tests.site import ADA, BERT, NORTH, fill


@pytest.fixture
def there(bo: Bo, provider_panel: Panel, provider_world: World, monkeypatch: pytest.MonkeyPatch) -> Bo:
    """`bo` in a deployment with two providers, on each database."""
    fill(provider_world)
    provider_world.user("olga", (OWNER, NORTH), home=NORTH)
    provider_world.session.rollback()
    monkeypatch.setenv("DATABASE_URL", provider_panel.database.url.render_as_string(hide_password=False))
    return bo


def test_the_last_owner_is_refused_and_the_rest_goes_on_and_comes_back(there: Bo, provider_world: World) -> None:
    where = ("--where", f"unit={NORTH},status=active")
    looked = there("users", "disable", *where, "--dry-run", "--json")
    done = there("users", "disable", *where, "--yes", "--json", "--reason", "they left")
    assert (looked.code, done.code) == (1, 1)
    assert looked.json["codes"] == {"unit.last_owner": 1}
    assert (done.json["changed"], done.json["refused"]) == (looked.json["changed"], 1)
    assert [refused["code"] for refused in done.json["refusals"]] == ["unit.last_owner"]

    first = str(done.json["change_set"])
    assert there("users", "enable", "bert", "--yes").code == 0
    assert there("users", "disable", "bert", "--yes").code == 0
    undone = there("undo", first, "--yes", "--json")
    again = there("undo", first, "--yes")

    assert (undone.code, undone.json["changed"]) == (1, done.json["changed"] - 1)
    assert [refused["user_id"] for refused in undone.json["refusals"]] == [BERT]
    assert provider_world.row(ADA).status is Status.ACTIVE
    provider_world.session.rollback()
    assert (again.code, f"in change {undone.json['change_set']}" in again.err) == (1, True)
    assert there("undo", str(undone.json["change_set"]), "--yes", "--json").json["changed"] == done.json["changed"] - 1
    assert provider_world.row(ADA).status is Status.DISABLED


def test_who_is_named_by_a_number_that_nobody_has_is_not_there(there: Bo) -> None:
    for number in ("0", "999", str(2**31), str(2**63), "9" * 5_000):
        ran = there("users", "disable", number, "--yes")
        assert (ran.code, f"There is nobody called {number[:60]}" in " ".join(ran.err.split())) == (2, True), number[:20]


@pytest.mark.parametrize(
    ("command", "answer"),
    [("undo --yes", (1, "")), ("outbox retry", (0, "0 will be tried again.")), ("outbox drop --yes", (0, "0 are gone."))],
)
def test_a_number_that_no_database_can_hold_is_refused_and_the_largest_is_not_there(command: str, answer: tuple[int, str], there: Bo) -> None:
    for number in (0, 2**63, 2**70):
        ran = there(*command.split(), str(number))
        assert (ran.code, f"{number} is not in the range" in " ".join(ran.err.split())) == (2, True), number
    largest = there(*command.split(), str(2**63 - 1))
    assert (largest.code, largest.out.strip()) == answer
