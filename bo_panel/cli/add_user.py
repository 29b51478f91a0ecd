"""`bo users add`: a new account, above all the first owner."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict, Unpack

import click

from bo_panel.bootstrap import Panel
from bo_panel.cli.printing import print_json
from bo_panel.cli.workplace import Workplace
from bo_panel.domain.access import MEMBER, OWNER
from bo_panel.domain.actors import ROOT
from bo_panel.domain.errors import Invalid
from bo_panel.domain.passwords import generated
from bo_panel.services.changes import CreateUser, Start

ROOT_ID = ROOT.ids[-1]


class Asked(TypedDict):
    """What was said on the command line."""

    owner: bool
    user_name: str | None
    email: str | None
    first_name: str | None
    last_name: str | None
    home: int
    role: str | None
    at: tuple[int, ...]
    profile: tuple[str, ...]
    generate: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class Password:
    """A first password, and whether it was made here and so has to be told."""

    text: str
    is_generated: bool


@click.command("add")
@click.option("--owner", is_flag=True, help="Make an owner, who may do everything at home and beneath.")
@click.option("--user-name", help="What the user signs in with.")
@click.option("--email", help="The e-mail address.")
@click.option("--first-name", help="The first name.")
@click.option("--last-name", help="The last name.")
@click.option("--home", type=int, default=ROOT_ID, metavar="UNIT", help="The id of the unit that the account belongs to; else the root.")
@click.option("--role", metavar="KEY", help="A role to give, besides being a member at home.")
@click.option("--at", type=int, multiple=True, metavar="UNIT", help="The id of a unit where the role holds; else the home. May be repeated.")
@click.option("--profile", multiple=True, metavar="KEY=VALUE", help="A profile field. May be repeated, also for several choices of one.")
@click.option("--generate", is_flag=True, help="Make a password, and print it once, even on a terminal.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def add_user(context: click.Context, **asked: Unpack[Asked]) -> None:
    r"""Add a user. On a terminal, what is missing is asked for; elsewhere a password is made and printed once.

    \b
    Example:
        bo users add --owner --user-name olivia --email olivia@example.com
        bo users add --user-name sam --home 2 --role shop.clerk --at 5 --at 6
    """
    if asked["owner"] and asked["role"]:
        raise click.UsageError("Say --owner or --role, not both.")
    workplace: Workplace = context.obj
    panel = workplace.ready_panel()
    values = _values(asked)
    password = _password(panel, values, generate=asked["generate"])
    start, profile = _start(panel, password, asked["owner"]), _profile(asked["profile"])
    change = CreateUser(values=values, start=start, home_id=asked["home"], profile=profile, **_access(asked))
    with panel.session() as session:
        done = panel.engine.run_single(session, workplace.actor(), change)
    _tell(done.subject_id, values["user_name"], password, asked["as_json"])


class Access(TypedDict):
    """The role, and where it holds."""

    role: str
    unit_ids: frozenset[int]


def _access(asked: Asked) -> Access:
    role = OWNER if asked["owner"] else asked["role"] or MEMBER
    return {"role": role, "unit_ids": frozenset() if role == MEMBER else frozenset(asked["at"] or (asked["home"],))}


def _values(asked: Asked) -> dict[str, str | None]:
    user_name = asked["user_name"] or _ask("User name")
    if not user_name:
        raise click.UsageError("Say --user-name; there is no terminal to ask at.")
    email = asked["email"] if asked["email"] is not None else _ask("E-mail (may be empty)")
    return {"user_name": user_name, "email": email, "first_name": asked["first_name"], "last_name": asked["last_name"]}


def _profile(pairs: Sequence[str]) -> dict[str, str]:
    """Return what was said of the profile, by key; several choices are lines."""
    found: dict[str, str] = {}
    for key, equals, value in (pair.partition("=") for pair in pairs):
        if not equals:
            raise click.BadParameter(f"{key!r} is not of the form KEY=VALUE.", param_hint="--profile")
        found[key] = f"{found[key]}\n{value}" if key in found else value
    return found


def _ask(question: str) -> str:
    return str(click.prompt(question, default="", show_default=False, err=True)) if _on_terminal() else ""


def _password(panel: Panel, values: dict[str, str | None], *, generate: bool) -> Password:
    """Return what somebody types twice, or a new one."""
    if generate or not _on_terminal():
        return Password(generated(panel.settings.passwords.generated_length), is_generated=True)
    while True:
        text = click.prompt("Password (empty: make one)", default="", hide_input=True, show_default=False, confirmation_prompt=True, err=True)
        if not text:
            return _password(panel, values, generate=True)
        try:
            panel.passwords.check(text, tuple(value for value in values.values() if value))
        except Invalid as wrong:
            click.echo(str(wrong), err=True)
        else:
            return Password(text, is_generated=False)


def _start(panel: Panel, password: Password, is_owner: bool) -> Start:
    """Return the start; an owner who typed his own password keeps it."""
    must_change = panel.settings.passwords.change_at_first_sign_in and (password.is_generated or not is_owner)
    return Start(password_hash=panel.hasher.hash(password.text), must_change=must_change)


def _tell(user_id: int | None, user_name: str | None, password: Password, as_json: bool) -> None:
    if as_json:
        print_json({"id": user_id, "user_name": user_name, "password": password.text if password.is_generated else None})
        return
    click.echo(f"{user_name} was added; the id is {user_id}.")
    if password.is_generated:
        click.echo(f"Password, shown this once: {password.text}")


def _on_terminal() -> bool:
    return sys.stdin.isatty()
