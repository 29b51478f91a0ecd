"""`bo users disable`, `enable`, `archive`, `restore`, `delete` and `act`: one path for some users and for everybody who matches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, TypedDict, Unpack

import click
from sqlalchemy.orm import Session

from bo_panel.cli.left_alone import FILE_HELP, tell_names, write_left_alone
from bo_panel.cli.printing import print_json
from bo_panel.cli.telling import told_counts
from bo_panel.cli.wanting import WHERE_HELP, wanted_from
from bo_panel.cli.workplace import Workplace
from bo_panel.domain.actors import ROOT
from bo_panel.domain.lifecycle import MOVES, Move
from bo_panel.domain.plans import RefusedUser, Result
from bo_panel.queries.named import users_named
from bo_panel.queries.visible import Scope
from bo_panel.services.changes import MoveUsers, change_named
from bo_panel.services.engine import Counted, Ids, Matching, Selection, SetChange
from bo_panel.services.engine.preview import Preview
from bo_panel.settings.suggestion import did_you_mean

EXAMPLE = r"""{title} users: by id, user name or e-mail address, or all who match. Exit code 1 if anybody is refused.

    \b
    Example:
        bo users {key} anna.kowalska 4711 --reason "left the company"
        bo users {key} --where unit=12,signed_in=never --dry-run
    """


ACT = r"""Do what a plugin offers under the key ACTION: to users by id, user name or e-mail address, or to all who match.

    \b
    Example:
        bo users act shop.close_till --where unit=12 --dry-run
    """


class Asked(TypedDict):
    """What was said on the command line."""

    names: tuple[str, ...]
    where: tuple[str, ...]
    dry_run: bool
    yes: bool
    reason: str
    left_alone: IO[str] | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class Meant:
    """What is to be done: its key, what it is called, and the change that it makes."""

    key: str
    title: str
    change: SetChange


@dataclass(frozen=True, slots=True)
class Doing:
    """One run: with what, on whom."""

    workplace: Workplace
    session: Session
    change: SetChange
    selection: Selection

    def preview(self) -> tuple[Result, Counted]:
        """Return what would become of the users, and how many were counted."""
        return self._preview().result()

    def refused(self) -> Sequence[RefusedUser]:
        """Return everybody who would be refused."""
        return self._preview().refused()

    def run(self, counted: Counted, reason: str) -> Result:
        """Do it to those who were counted."""
        chosen = replace(self.selection, counted=counted) if isinstance(self.selection, Matching) else self.selection
        return self.workplace.panel().engine.run(self.session, self.workplace.actor(), self.change, chosen, reason=reason)

    def _preview(self) -> Preview:
        return self.workplace.panel().engine.preview(self.session, self.workplace.actor(), self.change, self.selection)


def move_commands() -> Iterator[click.Command]:
    """Yield one command for each move of the lifecycle, and the one for the actions of plugins."""
    yield from (_command(move) for move in MOVES.values())
    yield _act_command()


def _options() -> list[click.Parameter]:
    return [
        click.Argument(["names"], nargs=-1, metavar="[NAME_OR_ID]..."),
        click.Option(["--where"], multiple=True, metavar="NAME=VALUE", help=WHERE_HELP),
        click.Option(["--dry-run"], is_flag=True, help="Say what would happen, and do nothing."),
        click.Option(["--yes", "-y"], is_flag=True, help="Do not ask."),
        click.Option(["--reason"], default="", help="Why; kept in the audit log."),
        click.Option(["--left-alone"], type=click.File("w", encoding="utf-8", lazy=True), metavar="FILE", help=FILE_HELP),
        click.Option(["--json", "as_json"], is_flag=True, help="Print JSON."),
    ]


def _command(move: Move) -> click.Command:
    @click.pass_context
    def run(context: click.Context, **asked: Unpack[Asked]) -> int:
        return _run(context.obj, Meant(move.key, move.key.capitalize(), MoveUsers(move=move)), asked)

    title = move.key.capitalize()
    return click.Command(move.key, callback=run, params=_options(), help=EXAMPLE.format(title=title, key=move.key), short_help=f"{title} users.")


def _act_command() -> click.Command:
    @click.pass_context
    def run(context: click.Context, action: str, **asked: Unpack[Asked]) -> int:
        return _run(context.obj, _meant(context.obj, action), asked)

    params = [click.Argument(["action"], metavar="ACTION"), *_options()]
    return click.Command("act", callback=run, params=params, help=ACT, short_help="Do what a plugin offers to users.")


def _meant(workplace: Workplace, key: str) -> Meant:
    registry = workplace.registry()
    change = change_named(registry, key) if key in registry.actions else None
    if change is None:
        known = [found.key for found in registry.actions.values() if not found.page]
        there = f"There are {', '.join(known)}." if known else "No plugin offers any."
        raise click.BadParameter(" ".join(filter(None, (f"There is no action {key!r}.", there, did_you_mean(key, known)))), param_hint="ACTION")
    return Meant(key, registry.actions[key].label, change)


def _run(workplace: Workplace, meant: Meant, asked: Asked) -> int:
    if bool(asked["names"]) is bool(asked["where"]):
        raise click.UsageError("Name some users, or say --where; not both.")
    panel = workplace.ready_panel()
    with panel.session() as session:
        doing = Doing(workplace, session, meant.change, _selection(session, workplace, asked))
        result, counted = doing.preview()
        refused: Sequence[RefusedUser] | int = doing.refused() if asked["left_alone"] else ()
        if not asked["dry_run"]:
            if not asked["yes"]:
                _confirm(result, meant)
            result = doing.run(counted, asked["reason"])
            refused = result.change_set_id or refused
        if asked["left_alone"]:
            write_left_alone(session, workplace, refused, asked["left_alone"])
        _tell(doing, result, meant, asked)
    return 1 if result.refused else 0


def _selection(session: Session, workplace: Workplace, asked: Asked) -> Selection:
    if asked["where"]:
        return Matching(wanted_from(session, workplace, asked["where"]))
    panel = workplace.panel()
    found = users_named(session, Scope((ROOT,)), asked["names"], panel.clock.now())
    missing = [name for name in asked["names"] if name not in found]
    if missing:
        raise click.BadParameter(f"There is nobody called {', '.join(missing)}.", param_hint="NAME_OR_ID")
    return Ids.of(found.values(), panel.settings.engine.selection_limit)


def _confirm(planned: Result, meant: Meant) -> None:
    """Ask, unless nothing would change; without an answer it is no."""
    if planned.changed:
        click.confirm(f"{meant.title} {_people(planned.changed)} of {planned.selected} selected?", abort=True, err=True)


def _tell(doing: Doing, result: Result, meant: Meant, asked: Asked) -> None:
    """Print the counts and the refusals by code."""
    done = not asked["dry_run"]
    if asked["as_json"]:
        print_json({"move": meant.key, "done": done, **told_counts(result)})
        return
    click.echo(f"{result.changed} {'changed' if done else 'would change'}, {result.same} already so, {result.refused} refused.")
    tell_names(doing.session, doing.workplace, result)
    if result.change_set_id:
        click.echo(f"This is change {result.change_set_id}: bo undo {result.change_set_id} takes it back.")


def _people(count: int) -> str:
    return "1 user" if count == 1 else f"{count} users"
