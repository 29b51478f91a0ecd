"""A plugin looks at itself: apart, for a few seconds, and whatever it does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bo_panel.hooks import examining
from bo_panel.hooks.faults import Fault, Faults
from bo_panel.hooks.host import Host
from bo_panel.sdk import Finding, Level

Write = Callable[..., Path]
Hosts = Callable[..., Host]
HOOK = "@hookimpl\ndef bo_doctor(self):\n    {line}\n"


def test_what_a_plugin_finds_is_told(write: Write, host: Hosts) -> None:
    write("a", HOOK.format(line="yield Finding(Level.WARNING, 'The till is nearly empty.'); yield Finding('ok', 'x' * 1000)"))
    write("b")

    found = host("a", "b").examine("a")

    assert found == (Finding(Level.WARNING, "The till is nearly empty."), Finding(Level.OK, "x" * 400))
    assert host("a", "b").examine("b") == ()


@pytest.mark.parametrize("line", ["raise ValueError('hunter2')", "raise SystemExit(0)", "return 5", "return ['text']", "yield Finding('bad', '')"])
def test_a_plugin_that_fails_is_a_finding_that_says_where_and_not_what(line: str, write: Write, host: Hosts) -> None:
    write("a", HOOK.format(line=line))
    ready = host("a")

    [found] = ready.examine("a")

    assert found.level is Level.ERROR
    assert found.text.startswith("It failed when it was asked how it fares: ")
    assert "hunter2" not in found.text
    [(fault, times)] = ready.faults.take().items()
    assert (fault.plugin, fault.hook, times) == ("a", "bo_doctor", 1)


def test_one_that_does_not_answer_is_waited_for_once(write: Write, host: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "PATIENCE", 0.05)
    touch = "__import__('pathlib').Path(__file__).with_suffix('.asked').touch(exist_ok=False)"
    folder = write("a", HOOK.format(line=f"{touch}; __import__('time').sleep(0.5); return []"))
    ready = host("a")

    assert ready.examine("a") == ready.examine("a") == (examining.SLOW,)
    assert (folder / "plugin.asked").exists()  # made by the first, and a second would have failed


def test_no_more_places_are_kept_than_anybody_reads() -> None:
    faults = Faults()
    for number in range(1_000):
        faults.note(Fault("a", "bo_object", f"ValueError at plugin.py:{number}"))
    faults.note(Fault("a", "bo_object", "ValueError at plugin.py:1"))

    taken = faults.take()

    assert (len(taken), taken[Fault("a", "bo_object", "ValueError at plugin.py:1")], bool(faults)) == (200, 2, False)
    faults.give_back(taken)
    assert faults.take() == taken
