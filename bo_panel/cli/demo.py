"""`bo demo`: a deployment filled with made-up people, served."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy.engine import make_url

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.migrations import upgrade
from bo_panel.cli.serve import application_of
from bo_panel.cli.serving import Address, check_free, serve_until_stopped
from bo_panel.cli.workplace import SetUpProblem, Workplace
from bo_panel.demo import DemoProblem, SignIns, State, fill, keep_sign_ins, read_sign_ins, state_of
from bo_panel.settings import Settings


@click.command("demo")
@click.option("--reset", is_flag=True, help="Throw the demonstration away and make it anew.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen at; else that of the configuration.")
@click.option("--users", type=click.IntRange(1, 10_000_000), help="How many users to make; else as many as the configuration says.")
@click.option("--no-serve", is_flag=True, help="Fill it, and do not serve it.")
@click.pass_context
def demo(context: click.Context, reset: bool, port: int | None, users: int | None, no_serve: bool) -> None:
    r"""Fill a deployment with made-up units and people, and serve it.

    What is there already is kept, unless --reset is given.

    \b
    Example:
        bo -d shop demo --port 8080
        bo -d shop demo --reset --users 200000 --no-serve
    """
    workplace: Workplace = context.obj
    settings = workplace.settings()
    address = Address(settings.server.host, port or settings.server.port)
    if not no_serve:
        check_free(address)
    if reset:
        _throw_away(workplace)
    _tell(settings, _filled(workplace.panel(), users), None if no_serve else address)
    if not no_serve:
        workplace.panel().secret_key()
        workplace.panel().database.dispose()
        serve_until_stopped(application_of(workplace), address)


def _filled(panel: Panel, users: int | None) -> SignIns | None:
    """Bring the tables up to date, fill them if there is nobody yet, and return who can sign in, if that is known."""
    upgrade(panel)
    state = state_of(panel)
    if state is State.IN_USE:
        name = panel.settings.deployment.name
        raise SetUpProblem(f"This database has users that people made, and stays as it is. To use it: bo -d {name} serve")
    if state is State.FILLED:
        return read_sign_ins(panel.settings)
    count = users or panel.settings.demo.users
    try:
        with _progress(count) as progress:
            told = fill(panel, count, progress)
    except DemoProblem as problem:
        raise SetUpProblem(str(problem)) from None
    keep_sign_ins(panel.settings, told)
    return told


def _throw_away(workplace: Workplace) -> None:
    """Delete the data, if it is a file of this deployment's own that holds a demonstration."""
    url = make_url(workplace.settings().database.url)
    file = Path(url.database or "")
    if url.get_backend_name() != "sqlite" or not file.is_file():
        _refuse_unless_new(url.get_backend_name())
        return
    panel = Panel.start(workplace.settings())
    state = state_of(panel)
    panel.database.dispose()
    if state is State.IN_USE:
        raise SetUpProblem(f"{file} has users that people made, and stays as it is. Delete the file yourself if nobody needs it.")
    for ending in ("", "-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)


def _refuse_unless_new(backend: str) -> None:
    if backend != "sqlite":
        raise SetUpProblem("Only a database in a file is thrown away. On PostgreSQL, drop the database and create it, then run bo demo again.")


@contextmanager
def _progress(count: int) -> Iterator[Callable[[int], None]]:
    """Yield what is told how many people are written; shown on a terminal only. When all are, their indexes are built."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("Making people", total=count)
        yield lambda done: progress.update(task, completed=done, description="Making people" if done < count else "Building the indexes")


def _tell(settings: Settings, told: SignIns | None, address: Address | None) -> None:
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = 120
    if told is None:
        click.echo(f"The passwords of this demonstration are not known any more. New ones: bo -d {settings.deployment.name} demo --reset")
    else:
        table = Table("sign in as", "role", "at")
        for person in told.people:
            name = person.user_name if "username" in settings.sign_in.by else person.email
            table.add_row(name, person.role, person.place)
        console.print(table)
        console.print(f"password of each of them: {told.password}", style="bold")
    if address is not None:
        console.print(f"\n{settings.words.product} is at {address.text} (Ctrl+C stops it)", style="bold")
