"""`bo x ticketing import-members`: members from a table, all of them or none."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from bo_panel.sdk import Desk, RecordsRefused, did_you_mean

from .people import FIELDS, PEOPLE

NAMES = {name.casefold(): field.key for field in FIELDS for name in (field.key, field.label)}
NAMES |= {name: "leader_id" for name in ("group_leader", "group leader", "leader_id")}
ANSWERS = {"1": "yes", "true": "yes", "0": "no", "false": "no"}


@click.command("import-members")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--organization", required=True, metavar="NAME", help="The name of the organization that they belong to, or its id.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def import_members(desk: Desk, file: Path, organization: str, as_json: bool) -> None:
    r"""Add the members of FILE, a table in CSV whose first line names the columns, to an organization.

    Columns: first_name, last_name, email, mobile, member_number, joined (2026-12-31), active (yes or no; yes unless it is said), note, group_leader
    (a user name). If anything is wrong, all of it is told, line by line, and nobody is added.

    \b
    Example:
        bo x ticketing import-members friends.csv --organization "Concert Hall"
    """
    unit_id = desk.unit_called(organization)
    lines, rows = _read(file)
    try:
        count = desk.add_records(PEOPLE, unit_id, rows)
    except RecordsRefused as refused:
        for problem in refused.problems:
            field = f"{problem.field}: " if problem.field else ""
            click.echo(f"line {lines[problem.place]}: {field}{problem.reason}", err=True)
        raise
    click.echo(json.dumps({"added": count}) if as_json else f"{count} members were added.")


def _read(file: Path) -> tuple[Sequence[int], Sequence[Mapping[str, str]]]:
    """Return the line on which each member ends, and what stands there."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, strict=True)
            columns = list(_columns(next(reader, [])))
            found = [(reader.line_num, _row(columns, values, reader.line_num)) for values in reader if any(values)]
    except (UnicodeDecodeError, csv.Error) as problem:
        raise click.ClickException(f"{file} is no table in CSV and UTF-8: {problem}.") from problem
    if not found:
        raise click.ClickException(f"{file} has no line below the names of the columns.")
    return [line for line, _row in found], [row for _line, row in found]


def _columns(heads: Sequence[str]) -> Iterator[str]:
    seen = set[str]()
    for head in heads:
        name = NAMES.get(head.strip().casefold())
        if name is None:
            raise click.ClickException(f"line 1: there is no column {head!r}. {did_you_mean(head, NAMES)}".strip())
        if name in seen:
            raise click.ClickException(f"line 1: the column {head!r} comes twice. Take one of the two out.")
        seen.add(name)
        yield name


def _row(columns: Sequence[str], values: Sequence[str], line: int) -> Mapping[str, str]:
    if len(values) > len(columns):
        raise click.ClickException(f"line {line}: there are more values than columns.")
    row = {"active": "yes", **{key: value.strip() for key, value in zip(columns, values, strict=False) if value.strip()}}
    return {**row, "active": ANSWERS.get(row["active"].casefold(), row["active"].casefold())}
