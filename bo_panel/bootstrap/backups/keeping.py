"""Makes backups of a deployment and puts them back, on either database."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, inspect

from bo_panel import __version__
from bo_panel.bootstrap.backups import postgresql, sqlite
from bo_panel.bootstrap.backups.archive import Manifest, digest, pack, unpack, workshop
from bo_panel.bootstrap.core_migrations import AHEAD
from bo_panel.bootstrap.database import DatabaseError
from bo_panel.bootstrap.migrations import connected, knows, revisions
from bo_panel.bootstrap.panel import Panel
from bo_panel.settings import Settings

ENDING = ".zip"
LAST = "last"
"""A file beside the backups, written with each of them, wherever it went: when it was changed is when the last backup was made."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made."""

    file: Path
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was put back, and where what was there before is kept, if there was anything."""

    manifest: Manifest
    before: Path | None


def backups_folder(settings: Settings) -> Path:
    """Return where backups go unless somebody says where."""
    return settings.data_folder / "backups"


def last_backup(settings: Settings) -> datetime | None:
    """Return when the last backup of this deployment was made on this machine, or None."""
    try:
        return datetime.fromtimestamp((backups_folder(settings) / LAST).stat().st_mtime, UTC)
    except OSError:
        return None


def backup(panel: Panel, file: Path | None = None, *, compress: bool = True, why: str = "") -> Backup:
    """Make a backup while the database is in use, and return it; a file that is there already is not written over."""
    target = (file or _free(panel, why)).absolute()
    if target.exists():
        raise DatabaseError(f"{target} exists, and stays as it is. Choose another name.")
    with workshop(target) as folder:
        copy = folder / "database"
        with connected(panel.database) as connection:
            known = revisions(panel, connection)
        manifest = _manifest(panel, known, _copied(panel.database, copy))
        manifest = replace(manifest, sha256=digest(copy))
        pack(manifest, copy, target, compress=compress and not _is_server(panel.database))
    with workshop(backups_folder(panel.settings) / LAST):
        (backups_folder(panel.settings) / LAST).write_text(f"{manifest.made_at} {target}\n")
    return Backup(target, manifest)


def restore(panel: Panel, file: Path) -> Restored:
    """Put a backup in the place of what is there, which is kept; all of it or, where something is wrong, nothing.

    Raises DatabaseError for what is no backup of this deployment that this program understands, and while the database is in use.
    """
    manifest = Manifest.read(file)
    _check_fits(panel, manifest)
    with workshop(backups_folder(panel.settings) / "unpacked") as folder:
        copy = folder / "database"
        unpack(manifest, file, copy)
        if not _is_server(panel.database) and dict(sqlite.checked(copy)) != dict(manifest.counts):
            raise DatabaseError(f"{file} is broken: it does not hold as many rows as it says. Use another backup.")
        panel.database.dispose()
        _check_unused(panel.database)
        before = _kept(panel)
        panel.database.dispose()
        found = postgresql.put_back(copy, panel.database) if _is_server(panel.database) else sqlite.put_back(copy, _file_of(panel.database))
    if dict(found) != dict(manifest.counts):
        raise DatabaseError(f"What was restored does not hold as many rows as {file} says. What was there before is in {before}.")
    return Restored(manifest, before)


def tables_of(database: Engine) -> set[str]:
    """Return the names of the tables that a backup counts."""
    if not _is_server(database):
        return sqlite.tables(_file_of(database))
    with connected(database) as connection:
        return set(inspect(connection).get_table_names())


def _manifest(panel: Panel, known: Mapping[str, list[str]], counts: Mapping[str, int]) -> Manifest:
    now = panel.clock.now().isoformat(timespec="seconds")
    name, backend = panel.settings.deployment.name, panel.database.dialect.name
    return Manifest(deployment=name, made_at=now, program=__version__, backend=backend, revisions=known, counts=dict(counts))


def _check_fits(panel: Panel, manifest: Manifest) -> None:
    """Raise DatabaseError unless the backup is of this deployment, of its kind of database, and not ahead of this program."""
    name, backend = panel.settings.deployment.name, panel.database.dialect.name
    if manifest.deployment != name:
        raise DatabaseError(f"This is a backup of the deployment {manifest.deployment}, and this is {name}. Nothing was done.")
    if manifest.backend != backend:
        raise DatabaseError(f"This is a backup of a {manifest.backend} database, and this one is {backend}. Nothing was done.")
    with connected(panel.database) as connection:
        if not knows(panel, connection, manifest.revisions):
            raise DatabaseError(f"This backup is newer than this program. {AHEAD.split('. ')[1]}.")


def _kept(panel: Panel) -> Path | None:
    """Return where a backup of what is there now is, or None where there is nothing."""
    with connected(panel.database) as connection:
        empty = not inspect(connection).get_table_names()
    return None if empty else backup(panel, why="before-restore").file


def _copied(database: Engine, copy: Path) -> Mapping[str, int]:
    return postgresql.take_dump(database, copy) if _is_server(database) else sqlite.take_copy(_file_of(database), copy)


def _check_unused(database: Engine) -> None:
    if _is_server(database):
        postgresql.check_unused(database)
    else:
        sqlite.check_unused(_file_of(database))


def _is_server(database: Engine) -> bool:
    return database.dialect.name == "postgresql"


def _file_of(database: Engine) -> Path:
    name = database.url.database
    if not name or name == ":memory:":
        raise DatabaseError("A database in memory cannot be kept. Name a file in DATABASE_URL.")
    return Path(name)


def _free(panel: Panel, why: str) -> Path:
    """Return the name of a new backup: the deployment and the moment, so that they sort by age."""
    moment = panel.clock.now().strftime("%Y%m%dT%H%M%SZ")
    name = "-".join(part for part in (panel.settings.deployment.name, moment, why) if part)
    folder = backups_folder(panel.settings)
    taken = {path.name for path in folder.glob(f"*{ENDING}")}
    names = (f"{name}{f'-{number}' if number else ''}{ENDING}" for number in range(len(taken) + 1))
    return folder / next(found for found in names if found not in taken)
