"""The plugins of a deployment, with what can only be seen where there is a database."""

from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from bo_panel.bootstrap.database import DatabaseError, database_url, make_engine
from bo_panel.hooks.host import Host
from bo_panel.queries.plugin_columns import column_problems
from bo_panel.services.changes.declared_values import value_problems
from bo_panel.settings import Settings


def host_of(settings: Settings) -> Host:
    """Return the plugins of a deployment, whether its database can be used or not; raises PluginError."""
    try:
        return host_with_database(settings)[0]
    except DatabaseError:
        return _compiled(settings, None)


def host_with_database(settings: Settings) -> tuple[Host, Engine]:
    """Return the plugins of a deployment, whose columns its database was asked about so far as it is there and set up, and the database.

    Raises PluginError with everything that is wrong with the plugins, else DatabaseError.
    """
    if not _is_there(settings):
        return _compiled(settings, None), make_engine(settings)
    database = make_engine(settings)
    try:
        return _compiled(settings, database), database
    finally:
        database.dispose()  # who serves may still become several processes


def _is_there(settings: Settings) -> bool:
    """Return whether there may be something to ask; a file of SQLite is not made for that."""
    try:
        url = database_url(settings)
    except DatabaseError:
        return False
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def _compiled(settings: Settings, database: Engine | None) -> Host:
    return Host.compile(settings, checks=(partial(column_problems, database=database), partial(value_problems, settings.users.phone_region)))
