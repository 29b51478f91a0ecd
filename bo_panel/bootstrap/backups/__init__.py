"""Backups: one file with everything that the database of a deployment holds, made while it is in use, verified, and put back."""

from bo_panel.bootstrap.backups.keeping import Backup, Restored, backup, backups_folder, last_backup, restore
from bo_panel.bootstrap.backups.upgrading import Upgraded, upgrade_safely

__all__ = ["Backup", "Restored", "Upgraded", "backup", "backups_folder", "last_backup", "restore", "upgrade_safely"]
