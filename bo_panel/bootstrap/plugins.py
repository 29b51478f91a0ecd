"""The plugins of a deployment, with what can only be seen where there is a database."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bo_panel.bootstrap.core_migrations import pending_core
from bo_panel.bootstrap.database import DatabaseError, database_url, make_engine
from bo_panel.hooks.core import Declared, all_of
from bo_panel.hooks.host import Host
from bo_panel.hooks.migrations import pending
from bo_panel.hooks.on_users import Column
from bo_panel.hooks.problems import PluginError, Problem
from bo_panel.hooks.registry import LoadedPlugin
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
    def values(everything: list[Declared], _plugins: tuple[LoadedPlugin, ...]) -> Iterator[Problem]:
        return value_problems(settings.users.phone_region, everything)

    return Host.compile(settings, checks=(partial(_columns, database), values))


def _columns(database: Engine | None, everything: list[Declared], plugins: tuple[LoadedPlugin, ...]) -> Iterator[Problem]:
    asked = database if database is not None and any(column.sql for column in all_of(everything, Column)) else None
    return column_problems(everything, asked if asked is not None and _is_up_to_date(asked, plugins) else None)


def _is_up_to_date(database: Engine, plugins: tuple[LoadedPlugin, ...]) -> bool:
    """Return whether nothing is left to upgrade: before that, columns may read what is still to be made."""
    try:
        with database.connect() as connection:
            return not pending_core(connection) and not any(pending(connection, plugin) for plugin in plugins)
    except (DBAPIError, DatabaseError, PluginError):
        return False
