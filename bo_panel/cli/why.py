"""`bo why`: why somebody can, or cannot, do something somewhere."""

from collections.abc import Sequence
from typing import Any

import click
from sqlalchemy.orm import Session

from bo_panel.cli.explaining import Told
from bo_panel.cli.printing import print_json, print_table
from bo_panel.cli.workplace import Workplace
from bo_panel.domain.access import Catalogue
from bo_panel.domain.actors import ROOT
from bo_panel.queries.named import is_id, users_named
from bo_panel.queries.roles import roles_at
from bo_panel.queries.unit_tree import way_to
from bo_panel.queries.units import Place, units_called
from bo_panel.queries.users import one_user
from bo_panel.queries.visible import Scope
from bo_panel.queries.why import explained
from bo_panel.settings.suggestion import did_you_mean

EVERYWHERE = Scope((ROOT,))


@click.command("why")
@click.argument("user", metavar="NAME_OR_ID")
@click.argument("resource", metavar="RESOURCE[:LEVEL]")
@click.argument("unit", metavar="UNIT")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def why(context: click.Context, user: str, resource: str, unit: str, as_json: bool) -> None:
    r"""Say why a user can, or cannot, do something at a unit: a level of a resource, or whatever he can do with it.

    The unit is named by its id, or by its name if no other has the same. Exit code 0 for a yes and for a no.

    \b
    Example:
        bo why anna.kowalska users:edit "Amber Line"
        bo why 4711 audit 12 --json
    """
    workplace: Workplace = context.obj
    panel = workplace.ready_panel()
    key, level = _resource(panel.registry.catalogue, resource)
    with panel.session() as session:
        now = panel.clock.now()
        row, way = _user(session, workplace, user), _way(session, unit)
        book = roles_at(session, panel.registry, way[-1].path)
        found = explained(session, book, EVERYWHERE, row, way, now=now)
    told = Told(row.user_name, found, found.answer(key, level), level)
    if as_json:
        print_json({"user": {"id": row.id, "user_name": row.user_name, "status": row.status.value}, **told.values()})
        return
    for sentence in told.sentences():
        click.echo(sentence)
    if told.grants():
        click.echo("Grants that reach there:")
        print_table(told.grants())


def _resource(catalogue: Catalogue, text: str) -> tuple[str, str]:
    """Return the resource and the level, '' for any; raise BadParameter for what this deployment does not have."""
    key, _colon, level = text.partition(":")
    ladders = {ladder.resource: ladder.levels for ladder in catalogue.ladders}
    if key not in ladders:
        hint = did_you_mean(key, ladders) or f"There are {', '.join(ladders)}."
        raise click.BadParameter(f"There is no resource {key!r}. {hint}", param_hint="RESOURCE")
    if level and level not in ladders[key]:
        hint = did_you_mean(level, ladders[key]) or f"There are {', '.join(ladders[key])}."
        raise click.BadParameter(f"{key} has no level {level!r}. {hint}", param_hint="LEVEL")
    return key, level


def _user(session: Session, workplace: Workplace, name: str) -> Any:
    now = workplace.panel().clock.now()
    user_id = users_named(session, EVERYWHERE, (name,), now).get(name)
    row = one_user(session, EVERYWHERE, user_id, now) if user_id else None
    if row is None:
        raise click.BadParameter(f"There is nobody called {name}.", param_hint="NAME_OR_ID")
    return row


def _way(session: Session, text: str) -> Sequence[Place]:
    """Return the units from the root to the one with this id or name; raise BadParameter for none, and for several of one name."""
    way = way_to(session, int(text)) if is_id(text) else ()
    if way:
        return way
    found = units_called(session, text)
    if not found:
        raise click.BadParameter(f"There is no unit {text!r}; write its name or its id.", param_hint="UNIT")
    if len(found) > 1:
        ids = ", ".join(str(place.id) for place in found)
        raise click.BadParameter(f"Several units are called {text!r}: write one of the ids {ids}.", param_hint="UNIT")
    return way_to(session, found[0].id)
