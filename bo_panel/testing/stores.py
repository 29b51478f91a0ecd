"""Throw-away databases with all tables, migrated once and cleaned cheaply, on either of the two that are supported."""

import os
import shutil
from abc import ABC, abstractmethod
from pathlib import Path

from sqlalchemy import URL, create_engine, inspect, make_url, text
from sqlalchemy import Engine as DatabaseEngine

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.migrations import upgrade
from bo_panel.hooks.plugin import ANY_PREFIX
from bo_panel.models import Base
from bo_panel.settings import Settings
from bo_panel.settings.sections import Database
from bo_panel.testing.clock import StillClock
from bo_panel.testing.passwords import CheapHasher

FIRST_FREE_ID = 10_000
"""From where the database numbers by itself, so that tests may choose small ids; PostgreSQL only."""


class Store(ABC):
    """A place for databases of one deployment."""

    def __init__(self, settings: Settings) -> None:
        """Remember the deployment; nothing is made yet."""
        self.settings = settings

    @abstractmethod
    def fresh(self, folder: Path) -> Panel:
        """Return a panel whose database holds the root of the tree and nothing else; `folder` may be used for files."""

    @abstractmethod
    def clean(self, panel: Panel) -> None:
        """Take everything out of a panel's database again but for the root."""

    @abstractmethod
    def close(self) -> None:
        """Throw everything away."""

    def _panel(self, url: URL) -> Panel:
        database = Database(url=url.render_as_string(hide_password=False))
        settings = self.settings.model_copy(update={"database": database})
        return Panel.start(settings, clock=StillClock(), hasher=CheapHasher())


class SqliteStore(Store):
    """SQLite: a migrated file that is copied."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        """Migrate the file that the others are copies of."""
        super().__init__(settings)
        self._template = folder / "template.db"
        panel = self._panel(make_url(f"sqlite:///{self._template}"))
        upgrade(panel)
        with panel.database.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        panel.database.dispose()

    def fresh(self, folder: Path) -> Panel:
        """Return a panel on a copy of the file."""
        path = folder / "panel.db"
        shutil.copy(self._template, path)
        return self._panel(make_url(f"sqlite:///{path}"))

    def clean(self, panel: Panel) -> None:
        """Copy the file anew."""
        panel.database.dispose()
        path = Path(str(panel.database.url.database))
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        shutil.copy(self._template, path)

    def close(self) -> None:
        """Leave the files to whoever made the folder."""


class PostgresStore(Store):
    """PostgreSQL: one database per process, emptied for every use."""

    def __init__(self, settings: Settings, server: str, name: str) -> None:
        """Make the database `name` on the server that the address leads to, and migrate it."""
        super().__init__(settings)
        self._server, self._name = make_url(server), name
        self._command(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
        self._command(*(f'ALTER DATABASE "{name}" SET {setting}' for setting in ("synchronous_commit = off", "deadlock_timeout = '20ms'")))
        panel = self._panel(self._server.set(database=name))
        upgrade(panel)
        own = [table for table in inspect(panel.database).get_table_names() if table.startswith(ANY_PREFIX)]
        panel.database.dispose()
        self._emptied = "; ".join((*(f'DELETE FROM "{table}"' for table in own), _emptied()))
        self._cleaning = create_engine(self._server.set(database=name))

    def fresh(self, folder: Path) -> Panel:
        """Return a panel on the emptied database."""
        panel = self._panel(self._server.set(database=self._name))
        self.clean(panel)
        return panel

    def clean(self, panel: Panel) -> None:
        """Delete all rows with triggers and foreign keys asleep: for a few rows that is faster than to truncate."""
        with self._cleaning.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(self._emptied))

    def close(self) -> None:
        """Drop the database."""
        self._cleaning.dispose()
        self._command(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')

    def _command(self, *commands: str) -> None:
        server: DatabaseEngine = create_engine(self._server, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            for command in commands:
                connection.execute(text(command))
        server.dispose()


def process_name(worker: str) -> str:
    """Return a name for a database that no other test run on this machine uses at the same time."""
    return f"bo_test_{worker}_{os.getpid()}"


def _emptied() -> str:
    names = [table.name for table in Base.metadata.sorted_tables]
    deletes = [f'DELETE FROM "{name}"' if name != "unit" else "DELETE FROM unit WHERE parent_id IS NOT NULL" for name in names]
    numbered = ("unit", "user", "grant", "role", "session", "change_set", "audit_event")
    restarts = [f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), {FIRST_FREE_ID})" for name in numbered]
    return "; ".join((*deletes, "UPDATE unit SET founder_email_key = NULL", *restarts))
