"""Plugins are asked before a write; they can refuse, and a plugin that fails refuses."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from bo_panel.hooks.host import Host
from bo_panel.sdk import Batch, ChangeNotice, Status, UserSnapshot

Write = Callable[..., Path]
Hosts = Callable[..., Host]

ANNA = UserSnapshot(1, "anna", "anna@example.com", 7, Status.ACTIVE, "Anna", "Arden")
BEN = UserSnapshot(2, "ben", None, 7, Status.DISABLED, "Ben", "Boyle")
BOTH = Batch((ANNA, BEN))
DISABLE = ChangeNotice("users.disable", {"reason": "left"})

HOOK = "@hookimpl\ndef bo_object(self, change, users):\n    {line}\n"


def asked(host: Host, change: ChangeNotice = DISABLE) -> list[tuple[str, str, frozenset[int] | None]]:
    return [(name, objection.reason, objection.ids) for name, objection in host.object(change, BOTH)]


def test_without_plugins_nobody_objects(host: Hosts) -> None:
    assert asked(host()) == []


def test_a_plugin_without_the_hook_is_not_asked(write: Write, host: Hosts) -> None:
    write("a")

    assert asked(host("a")) == []


def test_all_objections_are_told_in_the_order_of_the_plugins(write: Write, host: Hosts) -> None:
    write("a", HOOK.format(line="return [Objection('first'), Objection('second', users=[u for u in users if u.user_name == 'ben'])]"))
    write("b", HOOK.format(line="yield Objection('third', users)"))

    assert asked(host("b", "a")) == [("b", "third", {1, 2}), ("a", "first", None), ("a", "second", {2})]


def test_a_plugin_sees_what_is_about_to_be_done(write: Write, host: Hosts) -> None:
    line = "yield from [Objection(f'{len(users)} {change.values[\"reason\"]}')] if change.is_('users.delete', 'users.disable') else []"
    write("a", HOOK.format(line=line))

    assert asked(host("a")) == [("a", "2 left", None)]
    assert asked(host("a"), ChangeNotice("users.enable")) == []


def test_nothing_returned_is_no_objection(write: Write, host: Hosts) -> None:
    write("a", HOOK.format(line="return None"))

    assert asked(host("a")) == []


@pytest.mark.parametrize(
    "line",
    [
        "raise ValueError('hunter2')",
        "raise SystemExit(0)",
        "raise __import__('asyncio').CancelledError('hunter2')",
        "yield Objection('fine'); raise KeyError('late')",
        "return Objection('alone')",
        "return ['text']",
        "return True",
        "yield Objection('')",
        "yield Objection(None)",
        "yield Objection('who?', users=['ben'])",
        "yield Objection('who?', users=5)",
    ],
)
def test_a_plugin_that_fails_objects_for_everybody(line: str, write: Write, host: Hosts, caplog: pytest.LogCaptureFixture) -> None:
    write("a", HOOK.format(line=line))
    write("b", HOOK.format(line="yield Objection('still asked')"))

    with caplog.at_level(logging.ERROR):
        told = asked(host("a", "b"))

    failed = "The plugin a failed while checking this, so nothing was done. Try again; if it stays, tell those who run this panel."
    assert told == [("a", failed, None), ("b", "still asked", None)]
    [record] = caplog.records
    assert record.getMessage().startswith("the plugin a failed while it was asked about users.disable: ")
    assert "hunter2" not in caplog.text


def test_a_person_who_interrupts_is_obeyed(write: Write, host: Hosts) -> None:
    write("a", HOOK.format(line="raise KeyboardInterrupt"))

    with pytest.raises(KeyboardInterrupt):
        asked(host("a"))


def test_no_configuration_is_in_a_repr(write: Write, host: Hosts) -> None:
    write("a", "class Config(PluginConfig):\n    key: str\n" + HOOK.format(line="yield Objection(repr(self) + repr(users))"))

    ready = host("a", toml="[plugins.a]\nkey = 'hunter2'\n")

    assert "hunter2" not in repr(ready) + asked(ready)[0][1]
