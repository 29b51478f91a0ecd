"""`bo outbox`: what plugins are still to be told, and what was given up."""

from typing import Any

import click

from bo_panel.cli.printing import Values, print_json, print_table
from bo_panel.cli.workplace import ID, Workplace
from bo_panel.queries.outbox import all_outgoing


@click.group("outbox")
def outbox() -> None:
    r"""Look at what plugins are still to be told of changes, and have it tried again.

    \b
    Example:
        bo outbox list
        bo outbox retry --all
    """


@outbox.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def list_outbox(context: click.Context, as_json: bool) -> None:
    r"""List what waits, what is tried again, and what was given up (dead); what was told is no longer here.

    \b
    Example:
        bo outbox list --json
    """
    workplace: Workplace = context.obj
    panel = workplace.ready_panel()
    with panel.session() as session:
        rows = [_values(row, panel.host.listeners) for row in all_outgoing(session)]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows)
    else:
        click.echo("Every plugin was told everything.")


@outbox.command("retry")
@click.argument("ids", type=ID, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that was given up, and all that is tried again later.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def retry(context: click.Context, ids: tuple[int, ...], everything: bool, as_json: bool) -> None:
    r"""Have these told as soon as a worker looks, those included that were given up; each goes on where it stood.

    \b
    Example:
        bo outbox retry 12 13
        bo outbox retry --all
    """
    workplace: Workplace = context.obj
    if bool(ids) == everything:
        raise click.UsageError("Name some of the ids that `bo outbox list` shows, or say --all.", context)
    panel = workplace.ready_panel()
    with panel.session() as session:
        chosen = [row.id for row in all_outgoing(session) if row.told] if everything else ids
        done = panel.outbox.again(session, chosen)
    print_json({"again": done}) if as_json else click.echo(f"{done} will be tried again.")


@outbox.command("drop")
@click.argument("ids", type=ID, nargs=-1, required=True)
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def drop(context: click.Context, ids: tuple[int, ...], yes: bool, as_json: bool) -> None:
    r"""Forget these: the plugin will not be told. The audit log has the events all the same.

    \b
    Example:
        bo outbox drop 12 --yes
    """
    workplace: Workplace = context.obj
    panel = workplace.ready_panel()
    if not yes:
        click.confirm(f"Never tell the plugin what is in {', '.join(map(str, ids))}?", abort=True, err=True)
    with panel.session() as session:
        done = panel.outbox.drop(session, ids)
    print_json({"dropped": done}) if as_json else click.echo(f"{done} are gone.")


def _values(row: Any, listeners: tuple[str, ...]) -> Values:
    return {
        "id": row.id,
        "plugin": row.plugin,
        "change_set": row.change_set_id,
        "change": row.change,
        "at": row.at,
        "state": _state(row, listeners),
        "attempts": row.attempts,
        "next": row.not_before if row.dead_at is None else None,
        "problem": row.told,
    }


def _state(row: Any, listeners: tuple[str, ...]) -> str:
    if row.plugin not in listeners:
        return "plugin not in use"
    if row.dead_at is not None:
        return "dead"
    return "again later" if row.told else "waiting"
