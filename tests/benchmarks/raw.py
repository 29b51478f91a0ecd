"""The raw program: Flask, the driver of the database, hand-written SQL and one flat template. Nothing of bo_panel answers here.

It checks the same session cookie by one indexed SELECT, keeps its token in Flask's signed cookie, asks for the roles and homes to
filter by and for the rows, prints the same words and bytes, and knows beforehand where each person may look.
"""

import secrets
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from time import perf_counter
from typing import Any, Protocol

import psycopg
from flask import Flask, Response, abort, request, session
from jinja2 import Environment, Template
from psycopg.rows import dict_row
from sqlalchemy import URL

from bo_panel.bootstrap.database import SQLITE_SET_UP
from tests.benchmarks.raw_sql import SESSION, RawPage
from tests.benchmarks.raw_state import state

SHOWN = 50
HEADERS = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
ALLOWED = {"active": "edit disable delete disable_enable", "disabled": "edit enable delete disable_enable", "invited": "edit disable delete disable_enable"}
SPANS = ((31_536_000, "year"), (2_592_000, "month"), (86_400, "day"), (3_600, "hour"), (60, "min"))


class Driver(Protocol):
    """Runs statements on one connection per thread and remembers how long they took."""

    name: str
    spent: float

    def rows(self, page: RawPage, *, prepare: bool = False) -> Sequence[Any]:
        """Return the rows of a statement."""

    def answers(self, page: RawPage, seconds: float) -> bool:
        """Return whether a statement is done within so many seconds."""

    def done(self) -> None:
        """End the transaction of a request."""

    def moment(self, moment: datetime) -> Any:
        """Return a moment as it is stored."""


@dataclass(slots=True)
class Lite:
    """SQLite through the module of the standard library."""

    url: URL
    name: str = "sqlite"
    spent: float = 0.0
    _local: threading.local = field(default_factory=threading.local)

    def rows(self, page: RawPage, *, prepare: bool = False) -> Sequence[Any]:
        """Return the rows of a statement; the module keeps it prepared by itself."""
        if not hasattr(self._local, "connection"):
            self._local.connection = sqlite3.connect(str(self.url.database), isolation_level=None, cached_statements=200)
            self._local.connection.row_factory = sqlite3.Row
            for statement in SQLITE_SET_UP:
                self._local.connection.execute(statement)
        if not self._local.connection.in_transaction:
            self._local.connection.execute("BEGIN")
        start = perf_counter()
        found = self._local.connection.execute(page.text, page.values).fetchall()
        self.spent += perf_counter() - start
        return [dict(row) for row in found]

    def answers(self, page: RawPage, seconds: float) -> bool:
        """Return whether a statement is done within so many seconds."""
        self.rows(RawPage("SELECT 1", {}))
        end = perf_counter() + seconds
        self._local.connection.set_progress_handler(lambda: perf_counter() > end, 100_000)
        try:
            self.rows(page)
            return True
        except sqlite3.OperationalError:
            return False
        finally:
            self._local.connection.set_progress_handler(None, 0)
            self.done()

    def done(self) -> None:
        """End the transaction."""
        self._local.connection.rollback()

    def moment(self, moment: datetime) -> Any:
        """Return the text that SQLAlchemy stores."""
        return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


@dataclass(slots=True)
class Postgres:
    """PostgreSQL through psycopg; the statement of the session is prepared, those of pages have to be planned for their values."""

    url: URL
    name: str = "postgresql"
    spent: float = 0.0
    _local: threading.local = field(default_factory=threading.local)

    def rows(self, page: RawPage, *, prepare: bool = False) -> Sequence[Any]:
        """Return the rows of a statement."""
        if not hasattr(self._local, "connection"):
            address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._local.connection = psycopg.connect(address, prepare_threshold=None, options="-c timezone=UTC -c jit=off", row_factory=dict_row)
        start = perf_counter()
        found = self._local.connection.execute(page.text, page.values, prepare=prepare).fetchall()
        self.spent += perf_counter() - start
        return list(found)

    def answers(self, page: RawPage, seconds: float) -> bool:
        """Return whether a statement is done within so many seconds."""
        self.rows(RawPage(f"SELECT set_config('statement_timeout', '{int(seconds * 1000)}', true)", {}))
        try:
            self.rows(page)
            return True
        except psycopg.errors.QueryCanceled:
            return False
        finally:
            self.done()

    def done(self) -> None:
        """End the transaction."""
        self._local.connection.rollback()

    def moment(self, moment: datetime) -> Any:
        """Return it as it is."""
        return moment


@dataclass(frozen=True, slots=True)
class Known:
    """What the raw program knows beforehand: pages by address and person, templates by person, labels, and whose top is where."""

    pages: Mapping[tuple[int, str], RawPage]
    templates: Mapping[int, Template]
    choices: Mapping[int, RawPage]
    labels: Mapping[str, str]
    tops: Mapping[int, str]
    columns: Sequence[str]
    declared: Sequence[Mapping[str, str]]
    """The roles that are not in the database."""


def raw_app(driver: Driver, known: Known) -> Flask:
    """Return the application; it answers `/users/` only."""
    app = Flask("raw")
    app.secret_key = "raw" * 12
    now = datetime.now(UTC)

    @app.get("/users/")
    def users() -> Response:
        person = person_of(driver)
        page = known.pages[person["user_id"], request.full_path.rstrip("?")]
        chosen = driver.rows(known.choices[person["user_id"]], prepare=True)
        found = driver.rows(page)
        driver.done()
        token = session.setdefault("token", secrets.token_urlsafe(24))
        rows = [_row(row, known, known.tops[person["user_id"]], now) for row in _in_order(found, request.args)]
        around = state(request.args, [*known.declared, *chosen], known.columns, rows, len(found) > SHOWN)
        body = known.templates[person["user_id"]].render(rows=rows, token=token, words=WORDS, me=shown(person), here=request.full_path, **around)
        return Response(body, headers=HEADERS)

    return app


def template_of(source: str) -> Template:
    """Return a template that escapes what people typed."""
    return Environment(autoescape=True).from_string(source)


def person_of(driver: Driver) -> Mapping[str, Any]:
    """Return who is signed in, by one indexed SELECT; refuse anybody else."""
    token = request.cookies.get("bo_session", "")
    mark = "%(token)s" if driver.name == "postgresql" else ":token"
    found = driver.rows(RawPage(SESSION.format(token=mark), {"token": sha256(token.encode()).hexdigest()}), prepare=True)
    if not found:
        abort(401)
    return found[0]


WORDS = {"active": "Active", "disabled": "Disabled", "invited": "Invited", "archived": "Archived"}


def shown(person: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the top of a page shows of whoever is signed in."""
    name = f"{person['first_name']} {person['last_name']}"
    return {"name": name, "initials": person["first_name"][:1] + person["last_name"][:1], "email": person["email"]}


def _in_order(found: Sequence[Any], args: Mapping[str, str]) -> Sequence[Any]:
    shown = found[:SHOWN]
    return shown[::-1] if "last" in args else shown


def _row(row: dict[str, Any], known: Known, top: str, now: datetime) -> dict[str, Any]:
    first, last, status = row["first_name"], row["last_name"], row["status"]
    row["name"] = f"{first} {last}".strip() or row["user_name"]
    row["initials"] = (first[:1] + last[:1]).upper() or row["user_name"][:2].upper()
    row["here"] = row["path"].startswith(top)
    row["allowed"] = ALLOWED.get(status, "edit") if row["here"] else "edit"
    tags = row["tags"] or ()
    tags = tags.split("\x01") if isinstance(tags, str) else tags
    row["tags"] = list(dict.fromkeys(known.labels.get(key, key) for key in tags if key != "member"))
    row["iso"], row["exact"], row["ago"] = said(row["last_sign_in"], now)
    row["days_away"] = (now - datetime.fromisoformat(row["iso"])).days if row["iso"] else ""
    return row


def said(moment: Any, now: datetime) -> tuple[str, str, str]:
    """Return a moment for machines, exactly, and how long ago it was."""
    seen = datetime.fromisoformat(moment).replace(tzinfo=UTC) if isinstance(moment, str) else moment
    if seen.year == 1970:
        return "", "", "Never"
    gone = (now - seen) // timedelta(seconds=1)
    ago = next((f"{gone // length} {name}{'' if name == 'min' or gone // length == 1 else 's'} ago" for length, name in SPANS if gone >= length), "Just now")
    return seen.isoformat(timespec="seconds"), f"{seen:%Y-%m-%d %H:%M:%S} UTC", ago
