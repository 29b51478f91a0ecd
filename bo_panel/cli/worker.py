"""`bo worker`: does the jobs that wait."""

import signal
from types import FrameType

import click

from bo_panel.cli.workplace import Workplace


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is waiting, and end.")
@click.pass_context
def worker(context: click.Context, once: bool) -> None:
    r"""Do the jobs of this deployment until Ctrl+C; any number of workers may run, on any number of machines.

    One that is stopped leaves the rest of its job to the next. Say in_process = false under [jobs] where workers run.

    \b
    Example:
        bo -d shop worker
    """
    workplace: Workplace = context.obj
    panel = workplace.ready_panel()
    found = panel.worker()
    if once:
        while found.look():
            pass
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        found.stop(0)

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    panel.messenger.listen(found.wake)
    click.echo("Waiting for jobs (Ctrl+C stops it).")
    found.run()
