"""Lets a plugin look at itself: apart from everything else, for a few seconds, and never twice at the same time."""

import logging
from collections.abc import Callable, Iterable
from queue import Empty, Queue
from threading import Lock, Thread
from typing import Any

from bo_panel.hooks.contributions import Finding, Level
from bo_panel.hooks.failure import traced

log = logging.getLogger(__name__)

PATIENCE = 3.0
"""For how many seconds a plugin is waited for."""
MOST, LONGEST = 50, 400
SLOW = Finding(Level.ERROR, "It did not answer in time when it was asked how it fares.")

_busy: set[Callable[[], list[Any]]] = set()
_lock = Lock()


def examined(name: str, call: Callable[[], list[Any]], failed: Callable[[BaseException], str]) -> tuple[Finding, ...]:
    """Return what a plugin finds; one that fails, or takes too long, is itself a finding. `failed` notes where, and says it."""
    answers: Queue[tuple[Finding, ...]] = Queue(1)
    with _lock:
        if call in _busy:  # whoever reloads the page does not start one thread after the other
            return (SLOW,)
        _busy.add(call)
    Thread(target=_ask, args=(name, call, failed, answers.put), name=f"bo-doctor-{name}", daemon=True).start()
    try:
        return answers.get(timeout=PATIENCE)
    except Empty:
        return (SLOW,)


def _ask(name: str, call: Callable[[], list[Any]], failed: Callable[[BaseException], str], put: Callable[[Any], None]) -> None:
    try:
        found = tuple(_right(finding) for answer in call() for finding in _several(answer))[:MOST]
    except BaseException as error:  # SystemExit too: it would end this thread without a word
        log.error("the plugin %s failed while it was asked how it fares: %s", name, traced(error))
        found = (Finding(Level.ERROR, f"It failed when it was asked how it fares: {failed(error)}."),)
    with _lock:
        _busy.discard(call)
    put(found)


def _several(answer: object) -> Iterable[object]:
    if isinstance(answer, Iterable):
        return answer
    raise TypeError(f"bo_doctor returned one {type(answer).__name__}; return a list, or yield")


def _right(finding: object) -> Finding:
    if isinstance(finding, Finding) and isinstance(finding.text, str):
        return Finding(Level(finding.level), finding.text[:LONGEST])
    raise TypeError(f"bo_doctor gave a {type(finding).__name__}, not a Finding")
