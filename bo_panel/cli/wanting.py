"""`--where status=active,unit=12`: which users a command is about."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import click
from sqlalchemy.orm import Session

from bo_panel.cli.workplace import Workplace
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.profile_fields import PROFILE, ProfileField
from bo_panel.queries.filters import AT_LEAST, CHOICES, OPERATORS, SIGNED_IN, FieldIs, choices_of, comparison
from bo_panel.queries.named import is_id
from bo_panel.queries.profile_fields import field_book
from bo_panel.queries.roles import role_book
from bo_panel.queries.units import place
from bo_panel.queries.users import Wanted
from bo_panel.settings.suggestion import did_you_mean

WHERE_HELP = "status=…, unit=ID, role=KEY, search=WORDS, signed_in=never|recently|long_ago, profile:KEY=VALUE, COLUMN=NUMBER; several with commas."
DIGITS = 15


def wanted_from(session: Session, workplace: Workplace, where: Sequence[str]) -> Wanted:
    """Return what is wanted of the list of users; raise BadParameter for a condition that means nothing."""
    wanted, profile = Wanted(), dict[str, list[str]]()
    numbers = {key: column for key, column in workplace.registry().columns.items() if column.at_least}
    for name, value in _pairs(where):
        if name.startswith(PROFILE):
            profile.setdefault(name.removeprefix(PROFILE), []).append(value)
        elif name in numbers:
            wanted = replace(wanted, at_least=(*wanted.at_least, (numbers[name], _number(name, value))))
        elif name in _CONDITIONS:
            wanted = _CONDITIONS[name](wanted, value, session, workplace)
        else:
            raise _bad(f"{name!r} is none of {', '.join((*_CONDITIONS, f'{PROFILE}KEY', *numbers))}.")
    return replace(wanted, fields=tuple(_fields(session, workplace, profile)))


def _number(name: str, value: str) -> int:
    least = value.removeprefix(AT_LEAST).strip()
    if not least.isdecimal() or len(least) > DIGITS:
        raise _bad(f"{name} is a whole number, the least that is meant; {value[:40]!r} is none.")
    return int(least)


def _fields(session: Session, workplace: Workplace, profile: Mapping[str, Sequence[str]]) -> Iterator[FieldIs]:
    """Yield what is asked of profile fields: any of some choices, or every comparison."""
    if not profile:
        return
    fields = {key: owned for key, owned in field_book(session, workplace.registry()).fields.items() if owned.field.type in OPERATORS}
    access = workplace.actor().access
    for key, values in profile.items():
        if key not in fields or fields[key].field.on_form_only:
            there = f"There are {', '.join(fields)}." if fields else "There are none."
            raise _bad(" ".join(filter(None, (f"There is no profile field {key!r} to ask about. {there}", did_you_mean(key, fields)))))
        owned = fields[key]
        if OPERATORS[owned.field.type] == CHOICES:
            yield FieldIs.asked(owned, [_choice(owned.field, value) for value in values], access)
        else:
            yield from (FieldIs.asked(owned, _comparison(owned.field, value), access) for value in values)


def _choice(field: ProfileField, value: str) -> str:
    if value not in choices_of(field):
        raise _bad(f"{field.name} is none of {', '.join(choices_of(field))}: {value!r}.")
    return value


def _comparison(field: ProfileField, said: str) -> Sequence[str]:
    how, _space, value = said.partition(" ")
    known = OPERATORS[field.type]
    meant = comparison(field, how, value) if how in known else comparison(field, "is", said)
    if not meant:
        raise _bad(f"{said!r} cannot be compared with {field.name}; write a value, or one of {', '.join(known)} and a value.")
    return meant


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
