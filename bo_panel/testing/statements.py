"""Counts what is sent to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def counted(database: Engine) -> Iterator[list[str]]:
    """Yield a list that every statement but the beginning of a transaction is added to, until the block ends."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(database, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database, "before_cursor_execute", note)
