"""`bo units settings`: shown, set, taken away, and refused with what to do."""

import pytest
from sqlalchemy import update

from bo_panel.bootstrap import Panel
from bo_panel.models import Unit
from bo_panel.services.engine import writing
from bo_panel.settings import load
from tests.cli.conftest import Bo

EMAIL, NOTE = "ticketing.support_email", "ticketing.note"


@pytest.fixture
def office(bare: Bo, root, monkeypatch: pytest.MonkeyPatch) -> Bo:
    """A ticket office with organizations, to one of which another plugin left something."""
    monkeypatch.setenv("BO_DEPLOYMENT", "ticketing")
    assert bare("demo", "--no-serve", "--users", "60").code == 0
    panel = Panel.start(load("ticketing", {}, root=root))
    with panel.session() as session, writing(session):
        session.execute(update(Unit).where(Unit.id == 2).values(settings={"gone.colour": "red"}))
    panel.database.dispose()
    return bare


def values(bo: Bo, *given: str) -> dict[str, str]:
    return {row["key"]: row["value"] for row in bo("units", "settings", "2", *given, "--json").json if row["value"]}


def test_settings_are_shown_set_and_taken_away(office: Bo) -> None:
    assert values(office) == {"gone.colour": "red"}
    assert "left by a plugin that is not installed" in office("units", "settings", "2").out

    assert values(office, f"{EMAIL}=box@hall.example", f"{NOTE}=a = b") == {EMAIL: "box@hall.example", NOTE: "a = b", "gone.colour": "red"}
    assert values(office, f"{EMAIL}=") == {NOTE: "a = b", "gone.colour": "red"}

    assert office("units", "settings", "1").out.strip() == "Nothing can be set of this unit."
    assert "settings of units: 1" in office("doctor").out


def test_what_cannot_be_set_is_told(office: Bo) -> None:
    for given, code, told in (
        (("2", f"{EMAIL}=box"), 1, f"profile:{EMAIL}: Enter an e-mail address in the form name@example.com."),
        (("2", "ticketing.mail=x"), 1, "ticketing.mail cannot be set here."),
        (("2", "ticketing.mail"), 2, "'ticketing.mail' is not KEY=VALUE."),
        (("999999",), 1, "There is nothing here."),
        (("999999", f"{NOTE}=x"), 1, "There is nothing here."),
    ):
        done = office("units", "settings", *given)
        assert done.code == code and told in done.err
