"""Loads tables without their indexes, and builds them afterwards in one go each: a fraction of the time for many rows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, text
from sqlalchemy.orm import Session

from bo_panel.models import Credential, Grant, User, UserSearch

TABLES = tuple(table.__tablename__ for table in (User, Grant, Credential, UserSearch))

IN_SQLITE = """
SELECT type, name, sql FROM sqlite_master
WHERE tbl_name IN :tables AND sql IS NOT NULL AND (type = 'index' OR type = 'trigger' AND tbl_name = 'user_search') ORDER BY type, name
"""
IN_POSTGRESQL = """
SELECT 'index', c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relname IN :tables AND t.relnamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u')) ORDER BY c.relname
"""
FIRST_IN_SQLITE = "INSERT INTO user_search_fts (user_search_fts) VALUES ('rebuild')"
FIRST_IN_POSTGRESQL = "SET LOCAL maintenance_work_mem = '256MB'"


@contextmanager
def built_afterwards(session: Session) -> Iterator[None]:
    """Take the indexes of the people's tables away, and put them back as they were at the end, in the transaction of the session.

    The constraints stay. On SQLite the index of texts is kept by triggers, which rest meanwhile; then it is made anew. Both
    databases then look at what there is now, so that their plans suit it from the first page on.
    """
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    wanted = text(IN_POSTGRESQL if on_postgresql else IN_SQLITE).bindparams(bindparam("tables", TABLES, expanding=True))
    found = session.execute(wanted).all()
    _run(session, [f'DROP {kind} "{name}"' for kind, name, _sql in found])
    yield
    first = FIRST_IN_POSTGRESQL if on_postgresql else FIRST_IN_SQLITE
    _run(session, [first, *(sql for *_named, sql in found), *(f'ANALYZE "{table}"' for table in ("unit", *TABLES))])


@contextmanager
def sorting_in_files(database: Engine) -> Iterator[Session]:
    """Yield a session in which SQLite sorts in files and not in memory, however much it is."""
    with database.connect() as connection, Session(connection, expire_on_commit=False) as session:
        _keep_temporary(connection, "FILE")
        try:
            yield session
        finally:
            session.close()
            _keep_temporary(connection, "MEMORY")


def _keep_temporary(connection: Connection, where: str) -> None:
    """Say it to SQLite outside of any transaction, as it asks for."""
    if connection.dialect.name == "sqlite" and connection.connection.dbapi_connection is not None:
        connection.connection.dbapi_connection.cursor().execute(f"PRAGMA temp_store={where}")


def _run(session: Session, statements: Sequence[Any]) -> None:
    for statement in statements:
        session.connection().exec_driver_sql(statement)
