"""Rows of a select that is too long to be held in memory, as they come."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import Engine, Select
from sqlalchemy.orm import Session

from bo_panel.queries.sql import POSTGRESQL, dialect

AT_ONCE = 2_000

ALL_OF_IT = "SET LOCAL cursor_tuple_fraction = 1"
"""PostgreSQL would plan for a tenth of the rows, and so look up one by one what it had better collect: minutes for seconds."""
ONE_MOMENT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


SMALL_CACHE = -16_384
"""In KiB, for SQLite: every page is read once, and what a long select has read would stay in memory for nothing."""


@contextmanager
def snapshot(database: Engine) -> Iterator[Session]:
    """Yield a session on a connection of its own that reads, and sees one moment only; SQLite's transactions are so by themselves."""
    with Session(database) as session:
        if dialect(session) == POSTGRESQL:
            session.connection(execution_options=ONE_MOMENT)
            yield session
            return
        driver: Any = session.connection().connection.driver_connection
        usual = driver.execute("PRAGMA cache_size").fetchone()[0]
        driver.execute(f"PRAGMA cache_size={SMALL_CACHE}")
        try:
            yield session
        finally:
            driver.execute(f"PRAGMA cache_size={usual}")


def blocks(session: Session, statement: Select[Any]) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield the rows as the database has them, some at a time."""
    text, values, driver = _asked(session, statement)
    lite = dialect(session) != POSTGRESQL
    if not lite:
        driver.execute(ALL_OF_IT)
    with closing(driver.cursor() if lite else driver.cursor(name="export")) as cursor:
        cursor.execute(text, values)
        while rows := cursor.fetchmany(AT_ONCE):
            yield rows


def copies(session: Session) -> bool:
    """Return whether the database itself writes lines of CSV."""
    return dialect(session) == POSTGRESQL


def copied(session: Session, statement: Select[Any]) -> Iterator[Sequence[bytes]]:
    """Yield the rows as lines of CSV that PostgreSQL itself writes, some at a time; every value is a text already."""
    text, values, driver = _asked(session, statement)
    with driver.cursor() as cursor, cursor.copy(f"COPY ({text}) TO STDOUT (FORMAT csv)", values) as copy:
        lines = iter(copy)
        while block := list(map(bytes, islice(lines, AT_ONCE))):
            yield block


def _asked(session: Session, statement: Select[Any]) -> tuple[str, Any, Any]:
    """Return a statement as the driver takes it, with its values, and the driver's own connection."""
    connection = session.connection()
    compiled: Any = statement.compile(dialect=connection.dialect)
    asked = compiled.construct_expanded_state()
    stored = {name: bind.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for name, bind in compiled.binds.items()}
    processors = {name: process for name, process in {**stored, **asked.processors}.items() if process is not None}
    values = {name: processors[name](value) if name in processors else value for name, value in asked.parameters.items()}
    driver: Any = connection.connection.driver_connection
    if asked.positiontup is not None:
        return asked.statement, tuple(values[name] for name in asked.positiontup), driver
    # With no value at all psycopg would leave every %% as it stands.
    return asked.statement, {"": "", **values}, driver
