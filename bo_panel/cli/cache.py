"""`bo cache`: clears what is kept of units."""

from collections.abc import Sequence

import click

from bo_panel.cli.printing import print_json
from bo_panel.cli.workplace import ID, Workplace
from bo_panel.domain.actors import ROOT
from bo_panel.queries.units import places
from bo_panel.services.changes import ClearCache


@click.group("cache")
def cache() -> None:
    r"""Clear what processes keep of units.

    \b
    Example:
        bo cache clear --unit 12
    """


@cache.command("clear")
@click.option("--unit", "units", type=ID, multiple=True, metavar="ID", help="Only of this unit and what is beneath it. May be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def clear(context: click.Context, units: Sequence[int], as_json: bool) -> None:
    r"""Have what plugins keep of units worked out anew, by every process, the next time that it is looked at.

    \b
    Example:
        bo cache clear
        bo cache clear --unit 12 --unit 13 --json
    """
    workplace: Workplace = context.obj
    panel = workplace.ready_panel()
    chosen = frozenset(units) or frozenset(ROOT.ids)
    with panel.session() as session:
        result = panel.engine.run_single(session, workplace.actor(), ClearCache(unit_ids=chosen))
        found = [{"id": place.id, "name": place.name} for place in places(session, chosen).values()]
    cleared = [domain.label for domain in panel.registry.cache_domains.values()]
    if as_json:
        print_json({"units": found, "cleared": cleared, "change_set": result.change_set_id})
    elif cleared:
        click.echo(f"Cleared at {', '.join(place['name'] for place in found)} and beneath: {', '.join(cleared)}.")
    else:
        click.echo("No plugin keeps anything of units.")
