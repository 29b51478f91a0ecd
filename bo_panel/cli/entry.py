"""`bo`: the group of all commands, and what a person is told when one cannot be done."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from bo_panel.bootstrap.database import DatabaseError
from bo_panel.cli.audit import audit
from bo_panel.cli.cache import cache
from bo_panel.cli.database import database
from bo_panel.cli.demo import demo
from bo_panel.cli.doctor import doctor
from bo_panel.cli.outbox import outbox
from bo_panel.cli.plugin_commands import plugin_commands
from bo_panel.cli.plugins import plugins
from bo_panel.cli.serve import serve
from bo_panel.cli.undo import undo
from bo_panel.cli.units import units
from bo_panel.cli.users import users
from bo_panel.cli.version import version
from bo_panel.cli.why import why
from bo_panel.cli.worker import worker
from bo_panel.cli.workplace import Web, Workplace
from bo_panel.domain.errors import Refusal
from bo_panel.domain.profile_fields import PROFILE
from bo_panel.hooks.problems import PluginError
from bo_panel.settings import SettingsError

REFUSED = 1
WRONG_SET_UP = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--deployment", "-d", envvar="BO_DEPLOYMENT", metavar="NAME", help="A file in config/deployments. Also BO_DEPLOYMENT.")
@click.pass_context
def bo(context: click.Context, deployment: str | None) -> None:
    r"""Administer a bo_panel: serve it, keep its database, look after its users.

    \b
    Example:
        bo --deployment shop db upgrade
        bo --deployment shop users add --owner
        bo --deployment shop serve
    """
    context.obj.deployment = deployment


for _command in (serve, worker, demo, database, users, units, undo, audit, why, plugins, plugin_commands, cache, outbox, doctor, version):
    bo.add_command(_command)


def _keep_examples(command: click.Command) -> None:
    """Turn the backslash-b of the docstrings, which are raw, into the character by which click keeps the lines that follow."""
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _keep_examples(below)


_keep_examples(bo)


def run(arguments: Sequence[str], web: Web, root: Path | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused, 2 something is set up or asked wrongly.

    `web` makes the web application of a panel; `root` is the folder that holds `config/`.
    A mistake of the user's is a sentence on stderr, never a traceback.
    """
    workplace = Workplace(web, root)
    try:
        return _told(lambda: bo.main(list(arguments), prog_name="bo", standalone_mode=False, obj=workplace))
    finally:
        workplace.close()


def _told(command: Callable[[], object]) -> int:
    try:
        done = command()
    except click.exceptions.Abort:
        return _say("Nothing was done.", REFUSED)
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except Refusal as refusal:
        return _say("\n".join(map(_line, refusal.all)), REFUSED)
    except (SettingsError, PluginError, DatabaseError) as problem:
        return _say(str(problem), WRONG_SET_UP)
    except DBAPIError as problem:
        return _say(f"The database cannot be used: {' '.join(str(problem.orig).split())}", WRONG_SET_UP)
    return done if isinstance(done, int) else 0


def _line(refusal: Refusal) -> str:
    """Return what was refused; of what is not called like its option, which field it is about."""
    return f"{refusal.field}: {refusal}" if refusal.beside or refusal.field.startswith(PROFILE) else str(refusal)


def _say(sentence: str, exit_code: int) -> int:
    click.echo(sentence, err=True)
    return exit_code
