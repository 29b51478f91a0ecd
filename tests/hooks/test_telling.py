"""Plugins are told what was done, each by itself; one that fails says so by an exception."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bo_panel.hooks.host import Host
from bo_panel.sdk import ChangeEvent, Entry

Write = Callable[..., Path]
Hosts = Callable[..., Host]

EVENT = ChangeEvent(
    key="users.disabled",
    at=datetime(2026, 11, 25, tzinfo=UTC),
    actor_id=1,
    actor_name="nora",
    change_set_id=5,
    reason="left",
    entries=(Entry(11, 7, "ada", 3, {"status": "active"}, {"status": "disabled"}), Entry(14, 8, "ben", 3, {}, {})),
)
HOOK = "@hookimpl\ndef bo_changed(self, event):\n    {line}\n"


def test_only_plugins_with_the_hook_listen_in_the_order_of_the_deployment(write: Write, host: Hosts) -> None:
    write("a", HOOK.format(line="pass"))
    write("b")
    write("c", HOOK.format(line="pass"))

    assert host("c", "b", "a").listeners == ("c", "a")
    assert host("b").listeners == ()


def test_a_plugin_sees_the_event_and_no_other_plugin_does(write: Write, host: Hosts, tmp_path: Path) -> None:
    text = "f'{event.id} {event.is_(\"users.disabled\")} {len(event.entries)}'"
    for name in ("a", "b"):
        write(name, HOOK.format(line=f"__import__('pathlib').Path({str(tmp_path / name)!r}).write_text({text})"))

    assert host("a", "b").tell("b", EVENT) is None

    assert (tmp_path / "b").read_text() == "11-14 True 2"
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    "line",
    [
        "raise ValueError('hunter2')",
        "raise SystemExit(0)",
        "raise __import__('asyncio').CancelledError('hunter2')",
        "yield 'a generator, which does nothing'",
        "return True",
    ],
)
def test_a_plugin_that_fails_is_told_by_where_and_without_its_words(line: str, write: Write, host: Hosts, caplog: pytest.LogCaptureFixture) -> None:
    write("a", HOOK.format(line=line))

    with caplog.at_level(logging.ERROR):
        trouble = host("a").tell("a", EVENT)

    assert trouble is not None
    assert " at " in trouble
    assert "hunter2" not in trouble
    [record] = caplog.records
    assert record.getMessage().startswith("the plugin a failed while it was told of users.disabled: ")
    assert "hunter2" not in caplog.text


def test_a_person_who_interrupts_is_obeyed(write: Write, host: Hosts) -> None:
    write("a", HOOK.format(line="raise KeyboardInterrupt"))

    with pytest.raises(KeyboardInterrupt):
        host("a").tell("a", EVENT)


def test_another_argument_than_the_event_refuses_the_start(write: Write, problems: Callable[..., list[str]]) -> None:
    write("a", "@hookimpl\ndef bo_changed(self, events):\n    pass\n")

    [line] = problems("a")

    assert "other arguments than it should" in line
