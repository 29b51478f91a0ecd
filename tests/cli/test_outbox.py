"""`bo outbox`, and what `bo doctor` says of it: a plugin that cannot write is seen, and goes on when it can."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bo_panel.bootstrap import Panel
from bo_panel.models import Outgoing
from bo_panel.services.engine import writing
from bo_panel.settings import load
from tests.cli.conftest import Bo

PLUGINS = '["service_provider", "change_feed"]'


@pytest.fixture
def feed(filled: Bo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a plugin that listens; its folder is not there yet."""
    file = tmp_path / "feed" / "changes.jsonl"
    monkeypatch.setenv("BO_DEPLOYMENT__PLUGINS", PLUGINS)
    monkeypatch.setenv("BO_PLUGINS__CHANGE_FEED__FILE", str(file))
    monkeypatch.setenv("BO_OUTBOX__ATTEMPTS", "1")
    return file


def doctor(bo: Bo) -> tuple[str, str]:
    [finding] = [finding for finding in bo("doctor", "--json").json if finding["about"] == "outbox"]
    return finding["state"], finding["says"]


def disable(bo: Bo) -> int:
    """Disable somebody, and return the change."""
    user = bo("users", "list", "--where", "status=active,unit=3", "--limit", "1", "--json").json[0]
    return int(bo("users", "disable", user["user_name"], "--yes", "--json").json["change_set"])


def test_what_was_given_up_is_listed_and_told_when_somebody_says_so(filled: Bo, feed: Path) -> None:
    assert "Every plugin was told everything." in filled("outbox", "list").out
    assert doctor(filled) == ("ok", "nothing waits for long")
    change = disable(filled)
    [row] = filled("outbox", "list", "--json").json
    assert (row["plugin"], row["change_set"], row["change"], row["state"]) == ("change_feed", change, "users.disable", "waiting")

    filled("worker", "--once")
    [row] = filled("outbox", "list", "--json").json
    assert (row["state"], row["attempts"], row["problem"].split(":")[0]) == ("dead", 1, "FileNotFoundError at plugin.py")
    assert doctor(filled) == ("warn", "1 given up. See: bo -d service_provider outbox list")
    assert filled("doctor").code == 0
    assert "FileNotFoundError" in filled("outbox", "list").out

    feed.parent.mkdir()
    assert "1 will be tried again." in filled("outbox", "retry", "--all").out
    filled("worker", "--once")
    [line] = [json.loads(line) for line in feed.read_text().splitlines()]
    assert (line["event"], line["change_set"]) == ("users.disabled", change)
    assert filled("outbox", "list", "--json").json == []


def test_a_plugin_that_failed_last_is_seen_at_once(filled: Bo, feed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BO_OUTBOX__ATTEMPTS", "2")
    disable(filled)
    assert doctor(filled) == ("ok", "nothing waits for long")
    filled("worker", "--once")

    assert doctor(filled) == ("warn", "1 tried again later: a plugin failed. See: bo -d service_provider outbox list")

    feed.parent.mkdir()
    filled("outbox", "retry", "--all")
    filled("worker", "--once")
    assert doctor(filled) == ("ok", "nothing waits for long")


def test_what_waits_too_long_and_what_nobody_takes_any_more_is_told(filled: Bo, feed: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disable(filled)
    panel = Panel.start(load("service_provider", {}, root=root))
    with panel.session() as session, writing(session):
        session.execute(update(Outgoing).values(at=datetime.now(UTC) - timedelta(hours=3)))
    panel.database.dispose()
    assert doctor(filled) == ("warn", "1 waiting, the first of them since 3 hours ago. See: bo -d service_provider outbox list")

    monkeypatch.delenv("BO_DEPLOYMENT__PLUGINS")
    monkeypatch.delenv("BO_PLUGINS__CHANGE_FEED__FILE")
    filled("worker", "--once")
    assert doctor(filled)[1].startswith("1 for plugins that are not in use.")
    [row] = filled("outbox", "list", "--json").json
    assert row["state"] == "plugin not in use"

    assert "1 are gone." in filled("outbox", "drop", str(row["id"]), "--yes").out
    assert doctor(filled) == ("ok", "no plugin listens")


def test_which_ones_has_to_be_said(filled: Bo, feed: Path) -> None:
    for arguments in ((), ("1", "--all"), ("nonsense",)):
        assert filled("outbox", "retry", *arguments).code == 2
    assert "0 will be tried again." in filled("outbox", "retry", "999").out
    assert filled("outbox", "drop", "1").code == 1
