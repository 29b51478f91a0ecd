"""Turns settings into a database engine that behaves alike on SQLite and PostgreSQL."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from threading import Timer
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from bo_panel.queries.sql import LOWERED
from bo_panel.services.engine.transaction import WRITES
from bo_panel.settings import Settings

SQLITE_SET_UP = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-65536",
    "PRAGMA mmap_size=268435456",
)
# A machine that vanishes says no goodbye: within a minute the server frees what it had locked, and it stops waiting for a server.
KEEP_ALIVE = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
NAME = "bo_panel"
"""What PostgreSQL calls our connections, so that others can tell whether the panel is at work."""
ASKED_FOR = {"application_name": NAME, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
PATIENCE = 600_000
"""How many milliseconds somebody waits on SQLite who comes second to an upgrade."""
A_WHILE = 1.0
"""After how many seconds of waiting that is told."""
_WRITE = re.compile(r"\s*(insert|update|delete|replace|with\b.*?\b(insert|update|delete)\b)", re.IGNORECASE | re.DOTALL)


class DatabaseError(Exception):
    """The database cannot be used as it is configured; the text says why and what to do, in one line."""


def database_url(settings: Settings) -> URL:
    """Return where the data is; raise DatabaseError for an address that nobody can use."""
    try:
        url = make_url(settings.database.url)
    except (ArgumentError, ValueError):
        raise DatabaseError("DATABASE_URL is not the address of a database. Use sqlite:///file or postgresql://user@host/name.") from None
    if url.drivername == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise DatabaseError(f"DATABASE_URL names {url.drivername}. Use sqlite:///file or postgresql://user@host/name.")
    return url


def engine_options(settings: Settings) -> dict[str, Any]:
    """Return the arguments of `create_engine` for this deployment."""
    url = database_url(settings)
    common = {"echo": settings.database.echo, "hide_parameters": True}  # what people typed stays out of logs
    if url.get_backend_name() == "sqlite":
        return {**common, "connect_args": {"timeout": 10}}
    # Prepared statements stay off: their generic plans make filters and searches several times slower.
    # Compiling them just in time stays off too: it takes longer than any page.
    arguments = {"prepare_threshold": None, "options": f"-c timezone=UTC -c jit=off {KEEP_ALIVE}", "connect_timeout": 5, **ASKED_FOR}
    return {**common, "connect_args": arguments, "pool_size": settings.database.pool_size, "pool_pre_ping": True}


def make_engine(settings: Settings) -> Engine:
    """Return an engine for this deployment, its SQLite folder made if need be."""
    url = database_url(settings)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        _make_file(Path(url.database))
    return prepared(create_engine(url, **engine_options(settings)))


def prepared(engine: Engine) -> Engine:
    """Return the engine with transactions that begin when SQLAlchemy says so, and with writes refused outside `writing`."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "before_cursor_execute", _refuse_stray_write)
    return engine


@contextmanager
def patient(connection: Connection, waits: Callable[[], object]) -> Iterator[Timer]:
    """Let SQLite wait for whoever writes at the same time as long as PostgreSQL would, until the block ends.

    `waits` is called, from another thread, after a while, unless what is yielded was cancelled: the waiting was over.
    """
    notice = Timer(A_WHILE, waits)
    notice.daemon = True
    notice.start()
    try:
        with _patient_sqlite(connection) if connection.dialect.name == "sqlite" else nullcontext():
            yield notice
    finally:
        notice.cancel()


@contextmanager
def _patient_sqlite(connection: Connection) -> Iterator[None]:
    database: Any = connection.connection.dbapi_connection
    [waits] = database.execute("PRAGMA busy_timeout").fetchone()
    database.execute(f"PRAGMA busy_timeout={PATIENCE}")
    try:
        yield
    finally:
        database.execute(f"PRAGMA busy_timeout={waits}")


def _make_file(file: Path) -> None:
    """Make the folder, and a file that nobody else can read: it holds password hashes."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.touch(mode=0o600)
    except OSError as problem:
        raise DatabaseError(f"The folder {file.parent} cannot be used: {problem.strerror}. Choose another in DATABASE_URL.") from problem


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for statement in SQLITE_SET_UP:
        connection.execute(statement)
    connection.create_function(LOWERED, 1, _lowered, deterministic=True)


def _lowered(text: object) -> object:
    return text.lower() if isinstance(text, str) else text


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.connection.dbapi_connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _refuse_stray_write(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if not connection.get_execution_options().get(WRITES) and _is_write(statement):
        raise RuntimeError(f"only the change engine writes: {statement[:80]}")


@lru_cache(maxsize=2_000)
def _is_write(statement: str) -> bool:
    """Return whether a statement writes; long ones take as long to look through as to run, and come again and again."""
    return _WRITE.match(statement) is not None
