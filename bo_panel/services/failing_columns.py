"""Columns of plugins that the database cannot work out for everybody: refused by their names, and noted as failures of the plugin."""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bo_panel.domain.errors import ColumnFailed
from bo_panel.hooks.failure import traced
from bo_panel.hooks.host import Host
from bo_panel.hooks.on_users import Column
from bo_panel.queries.plugin_columns import failing

log = logging.getLogger(__name__)


@contextmanager
def naming_columns(session: Session, host: Host, columns: Collection[Column], now: datetime) -> Iterator[None]:
    """Raise ColumnFailed where the database fails meanwhile because of one of these columns; whatever else it says stays as it is."""
    try:
        yield
    except DBAPIError as error:
        refusal = _refusal(session, host, columns, now) if columns and not error.connection_invalidated else None
        if refusal is None:
            raise
        raise refusal from error


def note_failure(host: Host, column: Column, error: BaseException) -> str:
    """Note for the plugin's page that the database could not work out a column; return the plugin."""
    name = column.key.partition(".")[0]
    log.error("the plugin %s failed while the database worked out the column %s: %s", name, column.key, traced(error))
    host.failed(name, f"bo_columns {column.key}", error)
    return name


def _refusal(session: Session, host: Host, columns: Collection[Column], now: datetime) -> ColumnFailed | None:
    """Return what is told of the first that fails, each of which is noted; None where none does, or the database is away."""
    session.rollback()
    try:
        found = [(column, note_failure(host, column, error)) for column, error in failing(session, columns, now)]
    except DBAPIError:
        session.rollback()
        return None
    return ColumnFailed(column=found[0][0].label, plugin=found[0][1]) if found else None
