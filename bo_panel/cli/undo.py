"""`bo undo`: takes back what one change did."""

from typing import IO

import click

from bo_panel.cli.left_alone import FILE_HELP, tell_names, write_left_alone
from bo_panel.cli.printing import print_json
from bo_panel.cli.telling import told_counts
from bo_panel.cli.workplace import ID, Workplace
from bo_panel.domain.errors import NotFound
from bo_panel.services.changes.undo import undo_of
from bo_panel.services.engine import Changed


@click.command("undo")
@click.argument("change_set", type=ID)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and do nothing.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--reason", default="", help="Why; kept in the audit log.")
@click.option("--left-alone", type=click.File("w", encoding="utf-8", lazy=True), metavar="FILE", help=FILE_HELP)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def undo(
    context: click.Context, change_set: int, dry_run: bool, yes: bool, reason: str, left_alone: IO[str] | None, as_json: bool
) -> int:
    r"""Take back what a change did to users; whoever was changed since is left alone and listed. Exit code 1 if there is anybody.

    \b
    Example:
        bo undo 4711 --dry-run --left-alone changed-since.csv
        bo undo 4711 --yes
    """
    workplace: Workplace = context.obj
    panel = workplace.ready_panel()
    with panel.session() as session:
        preview = panel.engine.preview(session, workplace.actor(), undo_of(session, change_set), Changed(change_set))
        result, counted = preview.result()
        if not counted.users:
            raise NotFound
        refused = preview.refused() if left_alone else ()
        if not dry_run:
            if not yes:
                click.confirm(f"Take back what change {change_set} did to {result.changed} of {result.selected} users?", abort=True, err=True)
            result = panel.engine.run(session, workplace.actor(), preview.change, Changed(change_set, counted), reason=reason)
        if left_alone:
            write_left_alone(session, workplace, result.change_set_id or refused, left_alone)
        if as_json:
            print_json({"undoes": change_set, "done": not dry_run, **told_counts(result)})
        else:
            click.echo(f"{result.changed} {'would be' if dry_run else 'are'} as before, {result.same} already so, {result.refused} refused.")
            tell_names(session, workplace, result)
    return 1 if result.refused else 0
