"""`bo version`: which version this is."""

import platform

import click

from bo_panel import __version__
from bo_panel.cli.printing import print_json


@click.command("version")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def version(as_json: bool) -> None:
    r"""Print the version of bo_panel and of Python.

    \b
    Example:
        bo version
    """
    found = {"bo_panel": __version__, "python": platform.python_version()}
    if as_json:
        print_json(found)
    else:
        click.echo("\n".join(f"{name} {number}" for name, number in found.items()))
