"""Dumps of a PostgreSQL database, taken and put back by the programs that come with it."""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect, text

from bo_panel.bootstrap.database import NAME, DatabaseError
from bo_panel.bootstrap.migrations import connected

OURS = """
SELECT format('DROP TABLE IF EXISTS %I.%I CASCADE', n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname = current_schema()
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = current_schema() AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
"""What is dropped before a dump is put back: all but extensions, which may belong to somebody else."""
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name AND pid <> pg_backend_pid()"

LINGERING = (0.05, 0.1, 0.2, 0.5, 1.0, 0.0)
"""For how many seconds it is waited each time that there is still somebody connected."""


def has_programs(*names: str) -> bool:
    """Return whether these programs can be run."""
    return all(shutil.which(name) for name in names)


def check_programs(*names: str) -> None:
    """Raise DatabaseError when a program is missing."""
    missing = [name for name in names if shutil.which(name) is None]
    if missing:
        raise DatabaseError(f"{' and '.join(missing)} is not installed. Install the client programs of PostgreSQL, then try again.")


def take_dump(database: Engine, target: Path) -> Mapping[str, int]:
    """Write a dump of a database that is in use to a new file, and return how many rows each table has in it."""
    check_programs("pg_dump")
    target.touch(mode=0o600, exist_ok=False)
    with connected(database) as connection:
        connection.execution_options(isolation_level="REPEATABLE READ")
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        counts = rows_of(connection)
        _run(database.url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}")
    return counts


def rows_of(connection: Connection) -> Mapping[str, int]:
    """Return how many rows each table has."""
    names = sorted(inspect(connection).get_table_names())
    return {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}  # noqa: S608 names of our own tables


def check_unused(database: Engine) -> None:
    """Raise DatabaseError while another process of bo_panel is connected."""
    check_programs("pg_restore", "psql")
    with connected(database) as connection:
        for wait in LINGERING:  # the server takes a moment to see that a connection is closed
            others = connection.execute(text(OTHERS), {"name": NAME}).scalar_one()
            if not others:
                return
            connection.rollback()
            time.sleep(wait)
    raise DatabaseError(f"The database is in use: {others} connections of bo_panel. Stop bo serve and bo worker everywhere, then try again.")


def put_back(dump: Path, database: Engine) -> Mapping[str, int]:
    """Make the database what the dump is, in one transaction; return how many rows each table has."""
    with connected(database) as connection:
        drops = connection.scalars(text(OURS)).all()
    database.dispose()
    script = dump.with_suffix(".sql")
    script.touch(mode=0o600, exist_ok=False)
    _run(database.url, "pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump), connects=False)
    before = "; ".join(("SET lock_timeout = '10s'", *drops))
    _run(database.url, "psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-c", before, "-f", str(script))
    with connected(database) as connection:
        return rows_of(connection)


def _run(url: URL, program: str, *arguments: str, connects: bool = True) -> None:
    """Run a program of PostgreSQL; the password is handed over where no list of processes shows it."""
    place = url.set(drivername="postgresql", password=None).render_as_string()
    environ = {**os.environ, "PGCONNECT_TIMEOUT": "10", **({"PGPASSWORD": url.password} if url.password else {})}
    command = [shutil.which(program) or program, *([f"--dbname={place}"] if connects else []), *arguments]
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)  # noqa: S603 no shell, and nothing that a visitor typed
    if ran.returncode:
        reason = next((line for line in ran.stderr.splitlines() if "error" in line.lower()), ran.stderr.strip() or "no reason was given")
        raise DatabaseError(f"{program} failed: {reason}")
