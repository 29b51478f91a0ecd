"""`bo users`: list, add, export, disable, enable, archive, restore, delete, and what plugins offer."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from bo_panel.cli.add_user import add_user
from bo_panel.cli.export_users import export_users
from bo_panel.cli.move_users import move_commands
from bo_panel.cli.printing import Values, print_json, print_table
from bo_panel.cli.wanting import WHERE_HELP, wanted_from
from bo_panel.cli.workplace import Workplace
from bo_panel.domain.access import MEMBER
from bo_panel.domain.actors import ROOT
from bo_panel.domain.pages import Step
from bo_panel.models import NEVER
from bo_panel.queries.grants import HeldRole, roles_held
from bo_panel.queries.roles import role_book
from bo_panel.queries.users import Wanted, users_page
from bo_panel.queries.visible import Scope

EVERYWHERE = Scope((ROOT,))
PAGE = 200


@click.group("users")
def users() -> None:
    r"""Look after the users.

    \b
    Example:
        bo users list --where status=active,search=anna
        bo users add --owner
        bo users disable anna.kowalska --reason left
        bo users export left.csv --where status=disabled
    """


@users.command("list")
@click.option("--where", multiple=True, metavar="NAME=VALUE", help=WHERE_HELP)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many users to print at most.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def list_users(context: click.Context, where: Sequence[str], limit: int, as_json: bool) -> None:
    r"""List users by name.

    \b
    Example:
        bo users list --where unit=2,signed_in=never --limit 500 --json
    """
    workplace: Workplace = context.obj
    panel = workplace.ready_panel()
    with panel.session() as session:
        rows = list(_rows(session, workplace, wanted_from(session, workplace, where), limit))
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows)
        if len(rows) == limit:
            click.echo(f"These are the first {limit}; --limit shows more.", err=True)
    else:
        click.echo("Nobody.")


def _rows(session: Session, workplace: Workplace, wanted: Wanted, limit: int) -> Iterator[Values]:
    now, book, step, left = workplace.panel().clock.now(), role_book(session, workplace.registry()), Step(), limit
    while left > 0:
        page = users_page(session, EVERYWHERE, replace(wanted, step=step, size=min(PAGE, left)), now)
        held = roles_held(session, EVERYWHERE, [row.id for row in page.rows], now)
        for row in page.rows:
            roles = (book.label(grant.role_key) for grant in _shown(held.get(row.id, ())))
            yield _values(row, list(dict.fromkeys(roles)))
        left -= len(page.rows)
        if page.next is None:
            return
        step = Step(page.next)


def _shown(grants: Sequence[HeldRole]) -> Iterator[HeldRole]:
    """Yield the grants that give something; being a member at home does not."""
    return (grant for grant in grants if grant.role_key != MEMBER)


def _values(row: Any, roles: list[str]) -> Values:
    last: datetime | None = row.last_sign_in if row.last_sign_in != NEVER else None
    return {
        "id": row.id,
        "user_name": row.user_name,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "email": row.email if row.email_deliverable else None,
        "home": row.home_name,
        "roles": roles,
        "status": row.status.value,
        "last_sign_in": last,
    }


users.add_command(add_user)
users.add_command(export_users)
for _command in move_commands():
    users.add_command(_command)
