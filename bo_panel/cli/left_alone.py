"""Those whom a change leaves alone, or left alone, as the command line lists them."""

import csv
from collections.abc import Mapping, Sequence
from typing import IO, Any

import click
from sqlalchemy.orm import Session

from bo_panel.cli.workplace import Workplace
from bo_panel.domain.actors import ROOT
from bo_panel.domain.plans import RefusedUser, Result
from bo_panel.domain.tabular import harmless
from bo_panel.queries.changes import all_left_alone, people
from bo_panel.queries.visible import Scope

EVERYWHERE = Scope((ROOT,))
FILE_HELP = "Write who is left alone, and why, as CSV."
FEW = 5
AT_ONCE = 5_000
HEADS = ("id", "user_name", "name", "code", "reason", "changed_by", "changed_at")


def tell_names(session: Session, workplace: Workplace, result: Result) -> None:
    """Print how many are refused by each code, a few of them by name, and who changed them last."""
    found = {refused.user_id: refused for refused in result.refusals}
    rows = people(session, EVERYWHERE, sorted(found), workplace.panel().clock.now()) if found else []
    codes = result.codes or _counted(result)
    for code in sorted(codes):
        theirs = [row for row in rows if found[row.id].code == code]
        sentence = next(refused.refusal for refused in result.refusals if refused.code == code)
        click.echo(f"  {code}: {codes[code]}. {sentence}")
        for row in theirs[:FEW]:
            when = f"{row.changed_at:%Y-%m-%d %H:%M}" if row.changed_at else ""
            click.echo(f"    {row.id} {row.user_name}{f', changed last by {row.changed_by}, {when}' if when else ''}")
        if codes[code] > len(theirs[:FEW]):
            click.echo(f"    and {codes[code] - len(theirs[:FEW])} more")


def write_left_alone(session: Session, workplace: Workplace, refused: Sequence[RefusedUser] | int, file: IO[str]) -> None:
    """Write a CSV file of those whom a change would refuse, or whom a run, by its id, did refuse."""
    now, out = workplace.panel().clock.now(), csv.writer(file)
    out.writerow(HEADS)
    if isinstance(refused, int):
        for row in all_left_alone(session, EVERYWHERE, refused, now):
            out.writerow(_line(row, RefusedUser(row.id, row.code, row.reason)))
        return
    found = {one.user_id: one for one in refused}
    for first in range(0, len(found), AT_ONCE):
        for row in people(session, EVERYWHERE, sorted(found)[first : first + AT_ONCE], now):
            out.writerow(_line(row, found[row.id]))


def _line(row: Any, refused: RefusedUser) -> list[Any]:
    name = f"{row.first_name} {row.last_name}".strip()
    when = row.changed_at.isoformat(timespec="seconds") if row.changed_at else ""
    return [row.id, *map(harmless, (row.user_name, name)), refused.code, harmless(str(refused.refusal)), harmless(row.changed_by or ""), when]


def _counted(result: Result) -> Mapping[str, int]:
    codes = [refused.code for refused in result.refusals]
    counts = {code: codes.count(code) for code in codes}
    return {**counts, codes[0]: result.refused} if len(counts) == 1 else counts
