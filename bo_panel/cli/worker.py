"""`bo worker`: does the jobs that wait, and tells plugins what was done."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from bo_panel.cli.workplace import Workplace
from bo_panel.jobs import Worker


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is waiting, and end.")
@click.pass_context
def worker(context: click.Context, once: bool) -> None:
    r"""Do the jobs of this deployment, and tell its plugins what was done, until Ctrl+C.

    Any number of workers may run, on any number of machines. One that is stopped leaves the rest of its job to the next.
    Say in_process = false under [jobs] where workers run.

    \b
    Example:
        bo -d shop worker
    """
    workplace: Workplace = context.obj
    panel = workplace.ready_panel()
    found = panel.worker()
    with _stopped_by_signals(found):
        if once:
            found.run_once()
            return
        click.echo("Waiting for jobs (Ctrl+C stops it).")
        found.run()


@contextmanager
def _stopped_by_signals(found: Worker) -> Iterator[None]:
    """Let Ctrl+C and SIGTERM stop the worker after the users in hand, until the block ends."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        found.stop()

    before = {name: signal.signal(name, stop) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
