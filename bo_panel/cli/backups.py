"""`bo db backup` and `bo db restore`."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from bo_panel.bootstrap.backups import backup, restore
from bo_panel.bootstrap.backups.archive import Manifest
from bo_panel.bootstrap.migrations import pending
from bo_panel.cli.printing import print_json
from bo_panel.cli.workplace import Workplace

TOLD = ("user", "grant", "audit_event")


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--no-compress", is_flag=True, help="Make a larger file in less time.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def backup_database(context: click.Context, file: Path | None, no_compress: bool, as_json: bool) -> None:
    r"""Make a backup while the panel is in use: one file, read back and checked. Without FILE it goes to var/<deployment>/backups.

    The keys that sign and seal are not in it: keep SECRET_KEY elsewhere.

    \b
    Example:
        bo -d shop db backup
        bo -d shop db backup shop.zip
    """
    with _waiting("Copying and checking"):
        made = backup(context.obj.panel(), file, compress=not no_compress)
    size = made.file.stat().st_size
    if as_json:
        print_json({"file": str(made.file), "bytes": size, **asdict(made.manifest)})
    else:
        click.echo(f"{made.file}: {size:,} bytes, {_counts(made.manifest)}")


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def restore_database(context: click.Context, file: Path, yes: bool, as_json: bool) -> None:
    r"""Put a backup in the place of everything that the database holds, which is kept in a backup of its own.

    Nobody may use the panel meanwhile: stop bo serve and bo worker first.

    \b
    Example:
        bo -d shop db restore shop.zip --yes
    """
    workplace: Workplace = context.obj
    panel, manifest = workplace.panel(), Manifest.read(file)
    if not yes:
        click.confirm(f"Replace everything by the backup of {manifest.made_at}, {_counts(manifest)}?", abort=True, err=True)
    with _waiting("Checking, keeping what is there, and putting back"):
        done = restore(panel, file)
    missing = pending(panel)
    if as_json:
        print_json({"before": done.before and str(done.before), "pending": dict(missing), **asdict(manifest)})
        return
    click.echo(f"The database is as of {manifest.made_at}: {_counts(manifest)}.")
    if done.before:
        click.echo(f"What was there before is in {done.before}")
    if missing:
        click.echo(f"It is older than this program. Run: bo -d {manifest.deployment} db upgrade")


def _waiting(words: str) -> AbstractContextManager[object]:
    """Show that something goes on, on a terminal; how long it takes is known to nobody."""
    console = Console(stderr=True)
    return console.status(words) if console.is_terminal else nullcontext()


def _counts(manifest: Manifest) -> str:
    """Return how much is in it, in words."""
    return ", ".join(f"{manifest.counts.get(table, 0):,} {table.replace('_', ' ')}s" for table in TOLD)
