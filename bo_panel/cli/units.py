"""`bo units`: what is set of a unit as a whole."""

from collections.abc import Mapping, Sequence

import click
from sqlalchemy.orm import Session

from bo_panel.cli.printing import Values, print_json, print_table
from bo_panel.cli.workplace import ID, Workplace
from bo_panel.domain.errors import NotFound
from bo_panel.domain.profile_fields import lines_of
from bo_panel.queries.unit_settings import set_of
from bo_panel.services.changes import EditUnitSettings


@click.group("units")
def units() -> None:
    r"""Look after the units.

    \b
    Example:
        bo units settings 12
    """


@units.command("settings")
@click.argument("unit", type=ID)
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def settings(context: click.Context, unit: int, values: Sequence[str], as_json: bool) -> None:
    r"""Show what is set of a unit, by its id, after setting what is given; KEY= takes a value away.

    \b
    Example:
        bo units settings 12
        bo units settings 12 shop.opens="8 to 18" shop.website=
    """
    workplace: Workplace = context.obj
    panel = workplace.ready_panel()
    with panel.session() as session:
        if values:
            panel.engine.run_single(session, workplace.actor(), EditUnitSettings(unit_id=unit, settings=_pairs(values)))
        rows = _rows(session, workplace, unit)
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows)
    else:
        click.echo("Nothing can be set of this unit.")


def _pairs(values: Sequence[str]) -> Mapping[str, str | None]:
    for value in values:
        if "=" not in value:
            raise click.BadParameter(f"{value!r} is not KEY=VALUE.", param_hint="KEY=VALUE")
    return dict(value.split("=", 1) for value in values)


def _rows(session: Session, workplace: Workplace, unit: int) -> list[Values]:
    """Return the settings of a unit, those that a plugin left behind at the end."""
    found = set_of(session, unit)
    if found is None:
        raise NotFound
    known = {setting.key: setting.label for setting in workplace.panel().registry.settings_at(found.kind)}
    left = {key: "left by a plugin that is not installed" for key in found.settings if key not in known}
    return [{"key": key, "label": label, "value": lines_of(found.settings.get(key, ""))} for key, label in {**known, **left}.items()]
