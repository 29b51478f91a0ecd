"""Asks two applications for the same page in turn, and compares."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import mean, median
from time import perf_counter
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.test import create_environ

WARM = 5
SQL_ROUNDS = 7
_IDS = re.compile(rb'data-id="(\d+)"')


@dataclass(frozen=True, slots=True)
class Pages:
    """How an application is asked as somebody: the whole request through WSGI, without the costs of a test client."""

    app: Flask
    cookie: str

    def get(self, address: str) -> bytes:
        """Return the body of a page; anything but 200 is an error."""
        environ = create_environ(address, headers={"Cookie": self.cookie})
        return self.asked(environ)

    def settled(self, address: str) -> "Pages":
        """Return the same with the cookies that a first page sets, which a browser sends from then on."""
        given: list[str] = []
        self.asked(create_environ(address, headers={"Cookie": self.cookie}), given)
        return replace(self, cookie="; ".join([self.cookie, *given]))

    def asked(self, environ: dict[str, Any], cookies: list[str] | None = None) -> bytes:
        """Return the body of the answer; what it sets is added to `cookies`."""
        status: list[str] = []

        def begin(line: str, headers: list[tuple[str, str]], *_rest: Any) -> Callable[[bytes], object]:
            status.append(line)
            if cookies is not None:
                cookies.extend(value.partition(";")[0] for name, value in headers if name == "Set-Cookie")
            return lambda _data: None

        answer = self.app.wsgi_app(dict(environ), begin)
        try:
            body = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        if status[0][:3] != "200":
            raise RuntimeError(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']} answered {status[0]}")
        return body


@dataclass(frozen=True, slots=True)
class Measured:
    """One page on both sides, in milliseconds (medians), bytes and statements."""

    actor: str
    work: str
    raw: float
    panel: float
    raw_mean: float
    panel_mean: float
    raw_sql: float
    panel_sql: float
    raw_bytes: int
    panel_bytes: int
    rows: int
    statements: int
    same: bool

    @property
    def ratio(self) -> float:
        """How many times as long bo_panel takes."""
        return self.panel / self.raw


def in_turn(address: str, raw: Pages, panel: Pages, rounds: int) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each request, the two sides asked alternately, and first the one, then the other."""
    environ = [create_environ(address, headers={"Cookie": side.cookie}) for side in (raw, panel)]
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(-WARM, rounds):
        order = (0, 1) if turn % 2 else (1, 0)
        for side in order:
            start = perf_counter()
            (raw, panel)[side].asked(environ[side])
            if turn >= 0:
                times[side].append((perf_counter() - start) * 1000)
    return times


def sql_time(database: Engine, ask: Callable[[], bytes]) -> tuple[float, int]:
    """Return the milliseconds that one request spends in the database (median of some), and its number of statements."""
    found = []
    for _round in range(SQL_ROUNDS):
        with _watched(database) as spent:
            ask()
        found.append((sum(spent) * 1000, len(spent)))
    return median(time for time, _count in found), found[-1][1]


def measured(actor: str, work: str, times: tuple[list[float], list[float]], bodies: tuple[bytes, bytes], sql: tuple[float, float, int]) -> Measured:
    """Return what was measured of a page."""
    raw, panel = times
    ids = [_IDS.findall(body) for body in bodies]
    sizes = [len(body) for body in bodies]
    return Measured(actor, work, median(raw), median(panel), mean(raw), mean(panel), sql[0], sql[1], *sizes, len(ids[1]), sql[2], ids[0] == ids[1])


@contextmanager
def _watched(database: Engine) -> Iterator[list[float]]:
    spent: list[float] = []
    started: list[float] = []

    def begin(*_what: Any) -> None:
        started.append(perf_counter())

    def end(*_what: Any) -> None:
        spent.append(perf_counter() - started[-1])

    event.listen(database, "before_cursor_execute", begin)
    event.listen(database, "after_cursor_execute", end)
    try:
        yield spent
    finally:
        event.remove(database, "before_cursor_execute", begin)
        event.remove(database, "after_cursor_execute", end)
