"""Upgrades with a backup made first, which is put back where a migration left something behind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bo_panel.bootstrap.backups.keeping import Backup, backup, restore, tables_of
from bo_panel.bootstrap.backups.postgresql import has_programs
from bo_panel.bootstrap.migrations import connected, revisions, upgrade
from bo_panel.bootstrap.panel import Panel

WAITS = "Waiting until another upgrade, or whoever else writes to the database, is done."


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What ran, by `core` or plugin name, and the backup that was made before, if one was."""

    ran: Mapping[str, list[str]]
    before: Path | None


def upgrade_safely(panel: Panel, *, keep: bool = True, told: Callable[[str], object] = lambda _line: None) -> Upgraded:
    """Make a backup, if there is something to run and something to lose, and run it; where a step fails, all is as before.

    With `keep` false no backup is made; neither is one where the program for it is missing, which is `told`,
    as is that another upgrade has to end first.
    """
    made: list[Backup] = []

    def before() -> None:
        if panel.database.dialect.name == "postgresql" and not has_programs("pg_dump"):
            told("No backup was made, because pg_dump is not installed. A step that fails is taken back all the same.")
            return
        made.append(backup(panel, why="before-upgrade"))
        told(f"The backup from before is {made[0].file}")

    try:
        ran = upgrade(panel, before if keep else lambda: None, lambda: told(WAITS))
    except BaseException:
        if made and not _is_as_before(panel, made[0]):
            restore(panel, made[0].file)
        raise
    return Upgraded(ran, made[0].file if made else None)


def _is_as_before(panel: Panel, made: Backup) -> bool:
    """Return whether the failed upgrade was rolled back as a whole; a migration that commits by itself is not."""
    with connected(panel.database) as connection:
        same = revisions(panel, connection) == made.manifest.revisions
    return same and tables_of(panel.database) == set(made.manifest.counts)
