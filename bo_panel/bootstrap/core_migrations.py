"""The migrations of the core: where they are, and which are still to run."""

from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection

from bo_panel.bootstrap.database import DatabaseError

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
AHEAD = "The database was upgraded by a newer bo_panel than this one. Install that version again, or restore a backup made before the upgrade."


def pending_core(connection: Connection) -> list[str]:
    """Return the revisions of the core that are still to run, in order; raise DatabaseError for a database that is ahead."""
    context = MigrationContext.configure(connection)
    scripts = ScriptDirectory.from_config(config(connection))
    try:
        steps = list(scripts.iterate_revisions("heads", context.get_current_heads() or "base"))
    except (CommandError, RevisionError) as problem:
        raise DatabaseError(AHEAD) from problem
    return [step.revision for step in reversed(steps)]


def config(connection: Connection) -> Config:
    """Return what Alembic needs to run the migrations of the core on this connection."""
    found = Config()
    found.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    found.set_main_option("path_separator", "newline")
    found.attributes["connection"] = connection
    return found
