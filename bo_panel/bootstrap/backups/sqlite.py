"""Copies of a SQLite database: taken from and put into a live file by SQLite itself, never by copying the file."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from bo_panel.bootstrap.database import DatabaseError

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
WAIT = 2.0
"""How many seconds others have to finish before the database counts as in use."""


def take_copy(live: Path, target: Path) -> Mapping[str, int]:
    """Write a copy of a database that is in use to a new file, check it, and return how many rows each table has.

    What is committed while it is copied is not in it; nobody has to wait.
    """
    target.touch(mode=0o600, exist_ok=False)
    try:
        with closing(_opened(live)) as source, closing(sqlite3.connect(target, isolation_level=None)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as problem:
        raise DatabaseError(f"{live} cannot be copied: {problem}.") from problem
    return checked(target)


def checked(copy: Path) -> Mapping[str, int]:
    """Return how many rows each table of a copy has; raise DatabaseError when SQLite finds anything wrong with it."""
    try:
        with closing(_opened(copy)) as connection:
            [[found], *_more] = connection.execute("PRAGMA integrity_check").fetchall()
            if found != "ok":
                raise DatabaseError(f"The copy is broken: {found}. The database itself may be: run PRAGMA integrity_check on it.")
            return rows_of(connection)
    except sqlite3.Error as problem:
        raise DatabaseError(f"The copy cannot be read: {problem}.") from problem


def rows_of(connection: sqlite3.Connection) -> Mapping[str, int]:
    """Return how many rows each table has."""
    names = [name for (name,) in connection.execute(TABLES)]
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608 names of our own tables


def tables(live: Path) -> set[str]:
    """Return the names of the tables, without those that only look like one."""
    with closing(_opened(live)) as connection:
        return {name for (name,) in connection.execute(TABLES)}


def check_unused(live: Path) -> None:
    """Raise DatabaseError while another process has the database open."""
    with closing(_alone(live)):
        pass


def put_back(copy: Path, live: Path) -> Mapping[str, int]:
    """Make the live database what the copy is, in one transaction and with nobody else in it; return how many rows each table has."""
    with closing(_alone(live)) as target:
        try:
            with closing(_opened(copy)) as source:
                source.backup(target)
            target.execute("PRAGMA locking_mode=NORMAL")
            target.execute("PRAGMA journal_mode=WAL")
            return rows_of(target)
        except sqlite3.Error as problem:
            raise DatabaseError(f"{live} cannot be written: {problem}. It is as it was.") from problem


def _alone(live: Path) -> sqlite3.Connection:
    """Return a connection that has the database to itself: a file that others have open cannot leave WAL mode."""
    connection = sqlite3.connect(live, isolation_level=None, timeout=WAIT)
    try:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlite3.Error as problem:
        connection.close()
        if "locked" not in str(problem):
            raise DatabaseError(f"{live} cannot be opened: {problem}.") from problem
        raise DatabaseError(f"{live} is in use. Stop bo serve and bo worker, then try again.") from None
    return connection


def _opened(file: Path) -> sqlite3.Connection:
    """Return a connection to a file that is there already."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=10)
