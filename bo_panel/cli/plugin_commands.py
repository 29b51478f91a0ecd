"""`bo x`: the commands that plugins bring."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from typing import Any

import click

from bo_panel.cli.workplace import Workplace
from bo_panel.domain.errors import Invalid, Refusal
from bo_panel.hooks.pages import Command
from bo_panel.queries.units import place, units_called
from bo_panel.services.changes import AddRecords

HOOK = "bo_commands"


@dataclass(frozen=True, slots=True)
class CommandDesk:
    """What the panel does for a command: the `Desk` of the SDK."""

    workplace: Workplace

    def unit_called(self, name: str) -> int:
        """Return the id of the one unit with this name, or with this id."""
        with self.workplace.ready_panel().session() as session:
            found = units_called(session, name)
            if not found and name.isascii() and name.isdecimal() and len(name) < 18:
                found = [unit for unit in [place(session, int(name))] if unit]
        if len(found) != 1:
            several = f"Several units are called so; give one of these ids: {', '.join(str(unit.id) for unit in found)}."
            raise Invalid(reason=several if found else f"There is no unit {name[:80]!r}. Give its name or its id.")
        return found[0].id

    def add_records(self, page: str, unit_id: int, records: Sequence[Mapping[str, str]]) -> int:
        """Add records of a page to a unit, all or none, and return how many."""
        panel = self.workplace.ready_panel()
        change = AddRecords(page=panel.registry.pages[page], unit_id=unit_id, rows=tuple(records))
        with panel.session() as session:
            panel.engine.run_single(session, self.workplace.actor(), change)
        return len(records)


class OfPlugins(click.Group):
    """A group for each plugin that has commands; which these are says the deployment."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the plugins that have commands."""
        registry = context.obj.registry()
        return [name for name in registry.brought if registry.brought[name].get(HOOK)]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return the commands of a plugin."""
        found: Sequence[Command] = context.obj.registry().brought.get(name, {}).get(HOOK, ())
        if not found:
            return None
        group = OfOnePlugin(name, help=f"The commands of the plugin {name}.", short_help=", ".join(command.name for command in found))
        for declared in found:
            group.add_command(_at_a_desk(declared, context.obj), declared.name)
        return group


class OfOnePlugin(click.Group):
    """The commands of one plugin; whatever of it fails, where an option is read too, is a sentence that names the plugin."""

    def make_context(self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any) -> click.Context:
        """Read what was typed, as far as the command of the plugin."""
        with self._guarded(parent):
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was typed, with all that it reads before and does after."""
        with self._guarded(ctx):
            return super().invoke(ctx)

    @contextmanager
    def _guarded(self, context: click.Context | None) -> Iterator[None]:
        try:
            yield
        except (click.ClickException, click.exceptions.Exit, click.Abort, Refusal):
            raise
        except Exception as error:
            workplace = context.find_object(Workplace) if context else None
            if workplace is None:
                raise
            place = workplace.panel().host.failed(str(self.name), HOOK, error)
            raise click.ClickException(f"The plugin {self.name} failed in its command: {place}. Tell whoever wrote it.") from error


def _at_a_desk(declared: Command, workplace: Workplace) -> click.Command:
    """Return a plugin's command as it is run: at a desk."""
    command = _explained(declared.command)
    command.context_settings = {**command.context_settings, "obj": CommandDesk(workplace)}
    command.short_help = declared.label
    return command


def _explained(command: click.Command) -> click.Command:
    explained = copy(command)
    explained.help = (command.help or "").replace("\\b\n", "\b\n")
    if isinstance(command, click.Group) and isinstance(explained, click.Group):
        explained.commands = {name: _explained(below) for name, below in command.commands.items()}
    return explained


@click.group("x", cls=OfPlugins)
def plugin_commands() -> None:
    r"""Run a command that a plugin brings: bo x PLUGIN COMMAND.

    \b
    Example:
        bo x PLUGIN --help
    """
