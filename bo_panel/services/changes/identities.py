"""What people sign in with: nobody takes a user name or an e-mail address that could mean somebody else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from bo_panel.domain.errors import EmailTaken, Refusal, UserNameTaken
from bo_panel.models import User
from bo_panel.queries.sql import POSTGRESQL, probe
from bo_panel.services.engine import Context

Taken: TypeAlias = tuple[ColumnElement[bool], type[Refusal]]

REFUSALS: Mapping[str, type[Refusal]] = {"user_name_key": UserNameTaken, "email_key": EmailTaken}


def taken(context: Context, columns: Mapping[str, Any], but: SQLColumnExpression[int] | None = None) -> Sequence[Taken]:
    """Return, per identifying column with a value, the condition that somebody who is not deleted has it already, other than `but`.

    A user name must not be somebody else's e-mail address either: both are typed into the same field to sign in.
    """
    found: list[Taken] = []
    for name, value in _names(columns).items():
        other = aliased(User)
        rows: Select[Any] = select(literal_column("1")).where(or_(other.user_name_key == value, other.email_key == value), other.deleted_at.is_(None))
        if but is not None:
            rows = rows.where(other.id != but)
        found.append((probe(rows.correlate(User), context.name), REFUSALS[name]))
    return found


def another_has(context: Context, name: SQLColumnExpression[str | None]) -> ColumnElement[bool]:
    """Return the condition on `user` that somebody else who is not deleted signs in with a name, said in SQL; never for null."""
    other = aliased(User)
    rows: Select[Any] = select(literal_column("1")).select_from(other).where(other.deleted_at.is_(None), other.id != User.id)
    return probe(rows.where(or_(other.user_name_key == name, other.email_key == name)).correlate(User), context.name)


def reserve(context: Context, columns: Mapping[str, Any]) -> None:
    """Make others who want one of these names wait until this transaction ends."""
    hold(context, [str(value) for value in _names(columns).values()])


def hold(context: Context, keys: Iterable[str]) -> None:
    """Keep these names, in their comparable form, from others until this transaction ends; SQLite has one writer at a time anyway."""
    values = sorted(set(keys))
    if values and context.name == POSTGRESQL:
        context.session.execute(select(*(func.pg_advisory_xact_lock(func.hashtextextended(value, 0)) for value in values)))


def _names(columns: Mapping[str, Any]) -> Mapping[str, str]:
    return {name: columns[name] for name in REFUSALS if columns.get(name) is not None}
