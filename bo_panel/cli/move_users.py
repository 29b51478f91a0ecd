"""`bo users disable`, `enable` and `delete`: one path for some users and for everybody who matches."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict, Unpack

import click
from sqlalchemy.orm import Session

from bo_panel.cli.printing import print_json
from bo_panel.cli.wanting import WHERE_HELP, wanted_from
from bo_panel.cli.workplace import Workplace
from bo_panel.domain.actors import ROOT
from bo_panel.domain.lifecycle import MOVES, Move
from bo_panel.domain.plans import Result
from bo_panel.queries.named import users_named
from bo_panel.queries.visible import Scope
from bo_panel.services.changes import MoveUsers
from bo_panel.services.engine import Ids, Matching, Selection

EXAMPLE = r"""{title} users: by id, user name or e-mail address, or all who match. Exit code 1 if anybody is refused.

    \b
    Example:
        bo users {key} anna.kowalska 4711 --reason "left the company"
        bo users {key} --where unit=12,signed_in=never --dry-run
    """


class Asked(TypedDict):
    """What was said on the command line."""

    names: tuple[str, ...]
    where: tuple[str, ...]
    dry_run: bool
    yes: bool
    reason: str
    as_json: bool


@dataclass(frozen=True, slots=True)
class Doing:
    """One run: with what, on whom."""

    workplace: Workplace
    session: Session
    change: MoveUsers
    selection: Selection

    def plan(self) -> Result:
        """Return what would become of the users."""
        return self.workplace.panel().engine.plan(self.session, self.workplace.actor(), self.change, self.selection)

    def run(self, reason: str) -> Result:
        """Do it."""
        return self.workplace.panel().engine.run(self.session, self.workplace.actor(), self.change, self.selection, reason=reason)


def move_commands() -> Iterator[click.Command]:
    """Yield one command for each move of the lifecycle."""
    return (_command(move) for move in MOVES.values())


def _command(move: Move) -> click.Command:
    options = [
        click.Argument(["names"], nargs=-1, metavar="[NAME_OR_ID]..."),
        click.Option(["--where"], multiple=True, metavar="NAME=VALUE", help=WHERE_HELP),
        click.Option(["--dry-run"], is_flag=True, help="Say what would happen, and do nothing."),
        click.Option(["--yes", "-y"], is_flag=True, help="Do not ask."),
        click.Option(["--reason"], default="", help="Why; kept in the audit log."),
        click.Option(["--json", "as_json"], is_flag=True, help="Print JSON."),
    ]

    @click.pass_context
    def run(context: click.Context, **asked: Unpack[Asked]) -> int:
        return _move(context.obj, move, asked)

    title = move.key.capitalize()
    return click.Command(move.key, callback=run, params=options, help=EXAMPLE.format(title=title, key=move.key), short_help=f"{title} users.")


def _move(workplace: Workplace, move: Move, asked: Asked) -> int:
    if bool(asked["names"]) is bool(asked["where"]):
        raise click.UsageError("Name some users, or say --where; not both.")
    panel = workplace.ready_panel()
    with panel.session() as session:
        doing = Doing(workplace, session, MoveUsers(move=move), _selection(session, workplace, asked))
        if asked["dry_run"]:
            return _tell(doing.plan(), move, asked, done=False)
        if not asked["yes"]:
            _confirm(doing.plan(), move)
        return _tell(doing.run(asked["reason"]), move, asked, done=True)


def _selection(session: Session, workplace: Workplace, asked: Asked) -> Selection:
    if asked["where"]:
        return Matching(wanted_from(session, workplace, asked["where"]))
    panel = workplace.panel()
    found = users_named(session, Scope((ROOT,)), asked["names"], panel.clock.now())
    missing = [name for name in asked["names"] if name not in found]
    if missing:
        raise click.BadParameter(f"There is nobody called {', '.join(missing)}.", param_hint="NAME_OR_ID")
    return Ids.of(found.values(), panel.settings.engine.selection_limit)


def _confirm(planned: Result, move: Move) -> None:
    """Ask, unless nothing would change; without an answer it is no."""
    if planned.changed:
        click.confirm(f"{move.key.capitalize()} {_people(planned.changed)} of {planned.selected} selected?", abort=True, err=True)


def _tell(result: Result, move: Move, asked: Asked, *, done: bool) -> int:
    """Print the counts and the refusals by code; return the exit code."""
    codes = Counter(refused.code for refused in result.refusals)
    if asked["as_json"]:
        counts = {"selected": result.selected, "changed": result.changed, "same": result.same, "refused": result.refused}
        refusals = [{"user_id": refused.user_id, "code": refused.code, "reason": str(refused.refusal)} for refused in result.refusals]
        print_json({"move": move.key, "done": done, **counts, "change_set": result.change_set_id, "refusals": refusals})
    else:
        click.echo(f"{result.changed} {'changed' if done else 'would change'}, {result.same} already so, {result.refused} refused.")
        _tell_refusals(result, codes)
    return 1 if result.refused else 0


def _tell_refusals(result: Result, codes: Counter[str]) -> None:
    for code, count in sorted(codes.items()):
        example = next(refused for refused in result.refusals if refused.code == code)
        click.echo(f"  {code}: {count}{'+' if result.refused > len(result.refusals) else ''}, such as user {example.user_id}. {example.refusal}")


def _people(count: int) -> str:
    return "1 user" if count == 1 else f"{count} users"
