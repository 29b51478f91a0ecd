"""`--where status=active,unit=12`: which users a command is about."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import click
from sqlalchemy.orm import Session

from bo_panel.cli.workplace import Workplace
from bo_panel.domain.lifecycle import Status
from bo_panel.queries.filters import SIGNED_IN
from bo_panel.queries.named import is_id
from bo_panel.queries.roles import role_book
from bo_panel.queries.units import place
from bo_panel.queries.users import Wanted

WHERE_HELP = "status=…, unit=ID, role=KEY, search=WORDS, signed_in=never|recently|long_ago; several with commas."


def wanted_from(session: Session, workplace: Workplace, where: Sequence[str]) -> Wanted:
    """Return what is wanted of the list of users; raise BadParameter for a condition that means nothing."""
    wanted = Wanted()
    for name, value in _pairs(where):
        if name not in _CONDITIONS:
            raise _bad(f"{name!r} is none of {', '.join(_CONDITIONS)}.")
        wanted = _CONDITIONS[name](wanted, value, session, workplace)
    return wanted


def _pairs(where: Sequence[str]) -> Iterator[tuple[str, str]]:
    for condition in (part for text in where for part in text.split(",")):
        name, equals, value = condition.partition("=")
        if not equals or not value.strip():
            raise _bad(f"{condition!r} is not NAME=VALUE.")
        yield name.strip(), value.strip()


def _status(wanted: Wanted, value: str, _session: Session, _workplace: Workplace) -> Wanted:
    known = [status.value for status in Status if status is not Status.DELETED]
    if value not in known:
        raise _bad(f"There is no status {value!r}; there are {', '.join(known)}.")
    return replace(wanted, statuses=(*wanted.statuses, Status(value)))


def _unit(wanted: Wanted, value: str, session: Session, _workplace: Workplace) -> Wanted:
    found = place(session, int(value)) if is_id(value) else None
    if found is None:
        raise _bad(f"There is no unit {value!r}; write its id.")
    if wanted.beneath is not None:
        raise _bad("One unit can be named.")
    return replace(wanted, beneath=found.path)


def _role(wanted: Wanted, value: str, session: Session, workplace: Workplace) -> Wanted:
    book = role_book(session, workplace.registry())
    known = (*book.registry.roles, *book.stored)
    if value not in known:
        raise _bad(f"There is no role {value!r}; there are {', '.join(known)}.")
    return replace(wanted, roles=(*wanted.roles, value))


def _search(wanted: Wanted, value: str, _session: Session, _workplace: Workplace) -> Wanted:
    return replace(wanted, search=f"{wanted.search} {value}".strip())


def _signed_in(wanted: Wanted, value: str, _session: Session, _workplace: Workplace) -> Wanted:
    if value not in SIGNED_IN:
        raise _bad(f"signed_in is one of {', '.join(SIGNED_IN)}.")
    return replace(wanted, signed_in=value)


_CONDITIONS: dict[str, Callable[[Wanted, str, Session, Workplace], Wanted]] = {
    "status": _status,
    "unit": _unit,
    "role": _role,
    "search": _search,
    "signed_in": _signed_in,
}


def _bad(sentence: str) -> click.BadParameter:
    return click.BadParameter(sentence, param_hint="--where")
