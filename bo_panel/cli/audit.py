"""`bo audit`: what happened."""

from typing import Any

import click

from bo_panel.cli.printing import Values, print_json, print_table
from bo_panel.cli.workplace import Workplace
from bo_panel.domain.actors import ROOT
from bo_panel.queries.audit import FOR_UNDO, WantedEvents, audit_page
from bo_panel.queries.visible import Scope


@click.group("audit")
def audit() -> None:
    r"""Look at the audit log.

    \b
    Example:
        bo audit tail -n 50
    """


@audit.command("tail")
@click.option("--number", "-n", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many events.")
@click.option("--event", multiple=True, metavar="KEY", help="Only events of this kind, such as users.disabled. May be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def tail(context: click.Context, number: int, event: tuple[str, ...], as_json: bool) -> None:
    r"""Print the newest events, the newest last.

    \b
    Example:
        bo audit tail -n 100 --event users.disabled --json
    """
    workplace: Workplace = context.obj
    panel = workplace.ready_panel()
    with panel.session() as session:
        page = audit_page(session, Scope((ROOT,)), WantedEvents(events=event, size=number))
    rows = [_values(row) for row in reversed(page.rows)]
    if as_json:
        print_json(rows)
    elif rows:
        print_table([_short(row) for row in rows])
    else:
        click.echo("Nothing has happened yet.")


def _values(row: Any) -> Values:
    return {
        "id": row.id,
        "at": row.at,
        "actor": row.actor_name,
        "event": row.event,
        "user_id": row.user_id,
        "user_name": row.user_name,
        "unit": row.unit_name,
        "change_set": row.change_set_id,
        "before": row.before,
        "after": row.after,
    }


def _short(row: Values) -> Values:
    changes = "; ".join(f"{name}: {row['before'].get(name, '')} → {value}" for name, value in row["after"].items() if name not in FOR_UNDO)
    kept = ("at", "actor", "event", "user_name", "unit", "change_set")
    return {**{name: row[name] for name in kept}, "change": changes}
