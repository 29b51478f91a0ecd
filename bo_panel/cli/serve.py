"""`bo serve`: the web process."""

import atexit
from collections.abc import Callable
from typing import Any

import click

from bo_panel.bootstrap import Panel
from bo_panel.cli.serving import Address, check_free, serve_until_stopped
from bo_panel.cli.workplace import Workplace


@click.command("serve")
@click.option("--host", help="The address to listen at; else that of the configuration.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen at; else that of the configuration.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="How many processes answer.")
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True, help="How many threads each of them has.")
@click.pass_context
def serve(context: click.Context, host: str | None, port: int | None, workers: int, threads: int) -> None:
    r"""Serve the panel until Ctrl+C. The database must be up to date.

    \b
    Example:
        bo -d shop serve --port 8080 --workers 4
    """
    workplace: Workplace = context.obj
    panel = workplace.ready_panel()
    address = Address(host or panel.settings.server.host, port or panel.settings.server.port, workers, threads)
    check_free(address)
    click.echo(f"{panel.settings.words.product} is at {address.text} (Ctrl+C stops it)")
    panel.secret_key()  # made once, before the workers are many
    panel.database.dispose()
    serve_until_stopped(application_of(workplace), address)


def application_of(workplace: Workplace) -> Callable[[], Any]:
    """Return what makes the web application of one process, over a panel of its own, and does jobs beside it."""
    settings, web = workplace.settings(), workplace.web
    if settings.routes:
        web(workplace.panel())  # an alias that leads nowhere is told here, and not by each process

    def make() -> Any:
        panel = Panel.start(settings)
        if settings.jobs.in_process:
            _work_beside(panel)
        return web(panel)

    return make


def _work_beside(panel: Panel) -> None:
    """Do jobs in a thread of this process; when the process is told to end, the users in hand are done and the rest goes back."""
    worker = panel.worker()

    def end() -> None:
        worker.stop()
        worker.join()

    atexit.register(end)
    worker.start()
