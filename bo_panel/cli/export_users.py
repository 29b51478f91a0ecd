"""`bo users export`: the list as a file, or on standard output."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.orm import Session

from bo_panel.cli.printing import print_json
from bo_panel.cli.wanting import WHERE_HELP, wanted_from
from bo_panel.cli.workplace import Workplace
from bo_panel.domain.actors import ROOT
from bo_panel.domain.pages import Order
from bo_panel.domain.tabular import COLUMNS, Format, Sheet
from bo_panel.queries.profile_fields import FieldBook, field_book, places_of
from bo_panel.queries.shown_columns import with_columns
from bo_panel.queries.users import SORTS
from bo_panel.queries.visible import Scope
from bo_panel.services.changes import ExportUsers
from bo_panel.services.transfer import Export, Reading
from bo_panel.settings.words import Words

STDOUT = "-"
FORMAT_HELP = "What to write. Unless it is said, what the name of the file ends in, else csv."
SORT_HELP = "name, user_name, last_sign_in or id; with a minus in front from the end."


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--format", "written_as", metavar="|".join(Format), help=FORMAT_HELP)
@click.option("--where", multiple=True, metavar="NAME=VALUE", help=WHERE_HELP)
@click.option("--columns", metavar="KEY,KEY", help=f"Among {', '.join(COLUMNS)}, profile:KEY, those of plugins. Unless said, those of the list.")
@click.option("--sort", default="name", show_default=True, metavar="KEY", help=SORT_HELP)
@click.option("--force", is_flag=True, help="Replace the file if there is one.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON what was written.")
@click.pass_context
def export_users(
    context: click.Context, file: str, written_as: str | None, where: Sequence[str], columns: str | None, sort: str, **flags: bool
) -> None:
    r"""Write users into FILE, or to standard output where FILE is a minus. It is put on the audit log.

    CSV and XLSX are for spreadsheets: what could be taken for a formula gets a ' in front. JSON Lines have every value as it is.

    \b
    Example:
        bo users export left.csv --where status=disabled --columns user_name,email,last_sign_in
        bo users export - --format jsonl --where unit=12 | jq .email
    """
    workplace: Workplace = context.obj
    if file == STDOUT and flags["as_json"]:
        raise click.UsageError("With --json, name a file: standard output is for what was written.")
    panel = workplace.ready_panel()
    with panel.session() as session:
        plugins = {key: column.label for key, column in panel.registry.columns.items() if column.sql}
        heads = {**heads_of(panel.settings.words), **_profile(field_book(session, panel.registry)), **plugins}
        sheet = Sheet.of(written_as or _ending(file), _columns(columns, panel.settings.users.columns, heads), heads)
        wanted = with_columns(replace(wanted_from(session, workplace, where), order=_order(sort)), panel.registry, sheet.columns)
        access = workplace.actor().access
        export = Export(sheet, wanted, Scope((ROOT,)), places_of(session, panel.registry, access, sheet.columns))
        with panel.exporter.reading(export) as reading, _target(file, force=flags["force"]) as target:
            users = _write(session, workplace, reading, target)
    if flags["as_json"]:
        print_json({"file": file, "format": sheet.format, "columns": sheet.columns, "users": users})
    elif file != STDOUT:
        click.echo(f"{users} users written to {file}.", err=True)


def heads_of(words: Words) -> dict[str, str]:
    """Return the heads of the columns, in the deployment's words."""
    own = {"name": "Name", "last_sign_in": "Last sign-in", "id": "ID"}
    return {column: own.get(column) or words[column] for column in COLUMNS}


def _profile(book: FieldBook) -> dict[str, str]:
    return {owned.field.name: owned.field.label for owned in book.fields.values() if not owned.field.on_form_only}


def _write(session: Session, workplace: Workplace, reading: Reading, target: BinaryIO) -> int:
    users = reading.count()
    reading.check()
    workplace.panel().engine.run_single(session, workplace.actor(), ExportUsers(export=reading.export, users=users))
    with _progress(users) as told:
        for piece in reading.pieces(users):
            target.write(piece.data)
            told(piece.rows)
    return users


def _columns(asked: str | None, usual: Sequence[str], heads: Mapping[str, str]) -> Sequence[str]:
    return ("name", *(column for column in usual if column in heads)) if asked is None else [column.strip() for column in asked.split(",")]


def _ending(file: str) -> str:
    ending = Path(file).suffix.removeprefix(".").lower()
    return ending if ending in tuple(Format) else Format.CSV


def _order(sort: str) -> Order:
    key = sort.removeprefix("-")
    if key not in SORTS:
        raise click.BadParameter(f"{key!r} is none of {', '.join(SORTS)}.", param_hint="--sort")
    return Order(key, descending=sort.startswith("-"))


@contextmanager
def _target(file: str, *, force: bool) -> Iterator[BinaryIO]:
    """Yield what is written to; a file has its name only when it is whole, and nobody else can read it."""
    if file == STDOUT:
        with _piped():
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        return
    path = Path(file)
    if path.exists() and not force:
        raise click.BadParameter(f"{file} exists already; --force replaces it.", param_hint="FILE")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            yield target
        unfinished.replace(path)
    except OSError as problem:
        raise click.FileError(file, hint=problem.strerror) from problem
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _piped() -> Iterator[None]:
    """Stop quietly when whoever reads has read enough."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(1) from None


@contextmanager
def _progress(users: int) -> Iterator[Callable[[int], None]]:
    """Yield what is told how many more are written; a bar, where there is a terminal to draw it on."""
    console = Console(stderr=True)
    columns = (TextColumn("Exporting users"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=users)
        yield lambda rows: bar.advance(task, rows)
