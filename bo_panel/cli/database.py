"""`bo db`: the tables of the core and of the plugins."""

from collections.abc import Mapping

import click

from bo_panel.bootstrap.backups import upgrade_safely
from bo_panel.bootstrap.migrations import pending
from bo_panel.cli.backups import backup_database, restore_database
from bo_panel.cli.printing import print_json


@click.group("db")
def database() -> None:
    r"""Bring the database up to date, see whether it is, keep it and put it back.

    \b
    Example:
        bo db check
        bo db upgrade
        bo db backup
    """


database.add_command(backup_database)
database.add_command(restore_database)


@database.command("upgrade")
@click.option("--no-backup", is_flag=True, help="Make no backup first.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def upgrade_database(context: click.Context, no_backup: bool, as_json: bool) -> None:
    r"""Run every migration that is pending, those of the core first; all of them or none. A backup is made before.

    Who comes while somebody else upgrades waits for him, and says so.

    \b
    Example:
        bo -d shop db upgrade
    """
    done = upgrade_safely(context.obj.panel(), keep=not no_backup, told=lambda line: click.echo(line, err=True))
    _tell(done.ran, as_json, "done", "Nothing was pending.")


@database.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def check_database(context: click.Context, as_json: bool) -> int:
    r"""Say which migrations are pending; exit code 1 if any is.

    \b
    Example:
        bo -d shop db check
    """
    missing = pending(context.obj.panel())
    _tell(missing, as_json, "pending", "The database is up to date.")
    return 1 if missing else 0


def _tell(steps: Mapping[str, list[str]], as_json: bool, word: str, nothing: str) -> None:
    if as_json:
        print_json(steps)
        return
    for name, revisions in steps.items():
        click.echo(f"{name}: {', '.join(revisions)} {word}")
    if not steps:
        click.echo(nothing)
