"""The columns that plugins add to the list of users and that the database works out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Enum,
    Integer,
    SQLColumnExpression,
    String,
    Text,
    bindparam,
    case,
    cast,
    extract,
    false,
    func,
    literal,
    null,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from bo_panel.domain.actors import ROOT
from bo_panel.hooks.core import Declared, all_of, of_their_owners
from bo_panel.hooks.failure import where
from bo_panel.hooks.on_users import Column
from bo_panel.hooks.problems import Problem
from bo_panel.models import NEVER, Unit, User
from bo_panel.queries.sql import POSTGRESQL, Now
from bo_panel.queries.visible import Scope, at_home

EVERYWHERE = Scope((ROOT,))
LOCK_NOT_AVAILABLE = "55P03"
LOWEST = -(2**53)
"""Stands for no number where the list is sorted, as a place in it needs a value."""
DIALECTS: dict[str, Any] = {POSTGRESQL: postgresql.dialect, "sqlite": sqlite.dialect}


@dataclass(frozen=True, slots=True)
class Asking:
    """What an expression about one user can be made of; it is the same for everybody, and worked out by the database."""

    now: Now
    dialect: str
    """`postgresql` or `sqlite`."""
    user: type[User] = User
    unit: type[Unit] = Unit
    """For selects of units; the user's home is the one whose id is `user.home_id`."""

    def days_since(self, moment: SQLColumnExpression[Any]) -> ColumnElement[int]:
        """Return how many whole days have passed since a moment of the user's; null for the sign-in of somebody who never did."""
        now = literal(self.now, User.last_sign_in.type) if not isinstance(self.now, ColumnElement) else self.now
        then = func.nullif(moment, literal(NEVER, User.last_sign_in.type), type_=User.last_sign_in.type)
        if self.dialect == POSTGRESQL:
            return cast(func.floor(extract("epoch", now - then) / 86_400), Integer)
        return cast(func.julianday(now) - func.julianday(then), Integer)


@lru_cache(maxsize=500)
def _kept(column: Column, name: str) -> ColumnElement[Any]:
    return _made(column, bindparam("now", type_=User.last_sign_in.type), name)


def worked_out(column: Column, now: Now, name: str) -> ColumnElement[Any]:
    """Return the expression of a column; a plugin is asked once for the lists, whose moment is a parameter."""
    return _kept(column, name) if isinstance(now, ColumnElement) else _made(column, now, name)


def shown(column: Column, name: str) -> ColumnElement[Any]:
    """Return the expression under the key of the column."""
    return _kept(column, name).label(column.key)


def sortable(column: Column, scope: Scope, now: Now, name: str) -> ColumnElement[Any]:
    """Return the expression as something to sort by, which is never null; of guests, of whom it is not shown, it is the lowest."""
    lowest = literal(LOWEST, BigInteger) if column.number else literal("", Text)
    found = func.coalesce(worked_out(column, now, name), lowest)
    return found if scope.everything else case((at_home(scope, name), found), else_=lowest)


def failing(session: Session, columns: Iterable[Column], now: datetime) -> Iterator[tuple[Column, DBAPIError]]:
    """Yield those of some columns that the database cannot work out for everybody, with what it says; raise where it is not there at all."""
    name = session.get_bind().dialect.name
    session.execute(select(User.id).limit(1))
    for column in columns:
        try:
            session.execute(select(func.count(worked_out(column, now, name))).select_from(User).where(User.deleted_at.is_(None)))
        except DBAPIError as error:
            session.rollback()
            yield column, error


def column_problems(everything: list[Declared], database: Engine | None) -> Iterator[Problem]:
    """Yield the columns whose expression cannot be made, means nothing to one of the databases, or is refused by the one there is, if any."""
    columns = all_of(of_their_owners(everything), Column)
    problems = list(_wrong(columns))
    yield from problems
    told = {problem.item for problem in problems}
    asked = [column for column in columns if column.sql and column.key not in told]
    if asked and database is not None:
        yield from _refused(asked, database)


def _wrong(columns: Sequence[Column]) -> Iterator[Problem]:
    for column in columns:
        for name, dialect in DIALECTS.items() if column.sql else ():
            try:
                found = _kept(column, name)
                found.compile(dialect=dialect())
                if any(table is not User.__table__ for table in select(found).get_final_froms()):
                    wrong, remedy = "reads from more than the user, so that he would be listed several times.", "Put that into a scalar_subquery()."
                    yield Problem(**_place(column), wrong=wrong, remedy=remedy)
                    break
            except (Exception, SystemExit) as error:
                remedy = "Return an expression of SQLAlchemy." if not isinstance(error, SQLAlchemyError) else f"It has to be one for {name}."
                yield Problem(**_place(column), wrong=f"failed: {where(error)}.", remedy=remedy)
                break


def _refused(columns: Sequence[Column], database: Engine) -> Iterator[Problem]:
    """Yield what the database says against columns when it is asked for them of nobody; nothing where it is not there, or not set up yet."""
    try:
        with database.connect() as connection:
            _be_impatient(connection)
            connection.execute(select(User.id).where(false()))
            for column in columns:
                connection.rollback()
                _be_impatient(connection)
                yield from _tried(column, connection)
    except DBAPIError:
        return


def _be_impatient(connection: Connection) -> None:
    """Wait a moment only for what somebody else has locked, as who upgrades: what is not known is no problem."""
    if connection.dialect.name == POSTGRESQL:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '3s'")


def _tried(column: Column, connection: Connection) -> Iterator[Problem]:
    name = connection.dialect.name
    values = (shown(column, name), sortable(column, EVERYWHERE, bindparam("now", type_=User.last_sign_in.type), name))
    try:
        gathered = connection.execute(select(*values).select_from(User).where(false()), {"now": NEVER}).all()
    except UnicodeError:
        yield Problem(**_place(column), wrong="holds half a character (a lone surrogate).", remedy="Leave it out.")
    except DBAPIError as error:
        if error.connection_invalidated or getattr(error.orig, "sqlstate", "") == LOCK_NOT_AVAILABLE:
            raise
        said = str(error.orig).partition("\n")[0].rstrip(".")
        yield Problem(**_place(column), wrong=f"the database refuses it: {said}.", remedy=f"Return an expression that {name} works out.")
    else:
        if gathered:  # of nobody there is nothing to say
            yield Problem(**_place(column), wrong="counts users together.", remedy="Return an expression about one user.")


def _place(column: Column) -> dict[str, str]:
    return {"plugin": column.key.partition(".")[0], "hook": "bo_columns", "item": column.key, "field": "sql"}


def _made(column: Column, now: Now, name: str) -> ColumnElement[Any]:
    if column.sql is None:
        return null()
    found = column.sql(Asking(now, name))
    if not isinstance(found, SQLColumnExpression):
        raise TypeError(f"sql returned a {type(found).__name__}")
    if column.number:
        return type_coerce(found, BigInteger)
    given: Any = found
    plain = isinstance(given.type, String) and not isinstance(given.type, Enum)
    return type_coerce(found, Text) if plain else cast(found, Text)
