"""SQL that the two databases need said in two ways, and ranges of units."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeAlias
from typing import cast as typed

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Function,
    FunctionElement,
    Select,
    SQLColumnExpression,
    Text,
    and_,
    bindparam,
    cast,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import Grouping, UnaryExpression
from sqlalchemy.sql.operators import custom_op
from sqlalchemy.sql.selectable import Exists, FromClause, Join, TableValuedAlias
from sqlalchemy.types import UserDefinedType

from bo_panel.domain.units import UnitPath
from bo_panel.models import Unit, User

POSTGRESQL = "postgresql"
MANY_CONDITIONS = 50
KEPT = "bo_panel_kept"
LOWERED = "bo_panel_lowered"
"""What our connections to SQLite call a function that makes all letters small."""
MOST_KEPT = 500
P = ParamSpec("P")

Rows: TypeAlias = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
"""What gives rows: a select, or several one after the other."""

Now: TypeAlias = datetime | ColumnElement[datetime]
"""A moment, or a parameter for it in a statement that is kept."""


def dialect(session: Session) -> str:
    """Return `postgresql` or `sqlite`."""
    return session.get_bind().dialect.name


def database_time(session: Session) -> datetime:
    """Return the moment by the clock of the database, the one clock that all machines share; one statement."""
    if dialect(session) == POSTGRESQL:
        moment: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
        return moment
    return datetime.fromisoformat(session.execute(select(func.strftime("%Y-%m-%dT%H:%M:%f+00:00", "now"))).scalar_one())


def rows_of(session: Session, statement: Select[Any], values: Mapping[str, Any]) -> Sequence[Any]:
    """Return the rows of a select of columns, asked on the session's connection: nothing is mapped, so the mapper is not asked."""
    return session.connection().execute(statement, values, execution_options=statement.get_execution_options().get(KEPT)).all()


class _Compiled(dict[Any, Any]):
    """What one statement was compiled to, for each database; SQLAlchemy's own cache would look at all of its parts each time."""

    def get(self, key: Any, default: Any = None) -> Any:
        """Return what was compiled, by what of SQLAlchemy's key can differ for one statement."""
        return super().get((key[0], *key[2:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((key[0], *key[2:]), compiled)


def kept(build: Callable[P, Select[Any]]) -> Callable[P, Select[Any]]:
    """Let a function's selects be kept, the same for the same hashable arguments, and be run again without being looked at each time."""

    @lru_cache(maxsize=MOST_KEPT)
    @wraps(build)
    def built(*asked: P.args, **named: P.kwargs) -> Select[Any]:
        return build(*asked, **named).execution_options(**{KEPT: {"compiled_cache": _Compiled()}})

    return typed("Callable[P, Select[Any]]", built)


def within(path: SQLColumnExpression[str], paths: Sequence[UnitPath]) -> ColumnElement[bool]:
    """Return the condition that a unit's path lies in one of these subtrees; many are one parameter, and their units looked up first."""
    if len(paths) <= MANY_CONDITIONS:
        return either([and_(path >= top.text, path < top.end) for top in paths])
    tops = _Pairs(literal(json.dumps({top.text: top.end for top in paths}), Text)).table_valued(column("key", Text), column("value", Text))
    found = Unit.__table__.alias()
    beneath = select(found.c.path).select_from(tops.join(found, and_(found.c.path >= tops.c.key, found.c.path < tops.c.value)))
    return _AskedOnce(path, beneath.correlate(None).scalar_subquery())


class _AskedOnce(FunctionElement[bool]):
    """Whether a column is among what a subquery finds, which is asked once.

    PostgreSQL takes the ranges for so many rows that it would ask for each row again; what has become an array, it does not.
    """

    inherit_cache = True
    type = Boolean()


@compiles(_AskedOnce, "sqlite")
def _asked_once(asked: _AskedOnce, compiler: SQLCompiler, **options: Any) -> str:
    path, found = (compiler.process(part, **options) for part in asked.clauses)
    return f"({path} IN {found})"


@compiles(_AskedOnce, POSTGRESQL)
def _asked_once_of_postgresql(asked: _AskedOnce, compiler: SQLCompiler, **options: Any) -> str:
    path, found = (compiler.process(part, **options) for part in asked.clauses)
    return f"({path} IN (SELECT unnest(ARRAY{found})))"


class _Pairs(FunctionElement[Any]):
    """The pairs of a JSON object of texts, as rows with a `key` and a `value`."""

    inherit_cache = True


@compiles(_Pairs, "sqlite")
def _pairs(pairs: _Pairs, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(pairs.clauses, **options)})"


@compiles(_Pairs, POSTGRESQL)
def _pairs_of_postgresql(pairs: _Pairs, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each_text(CAST({compiler.process(pairs.clauses, **options)} AS JSON))"


def either(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Return that one of these holds; many are nested by halves, as SQLite takes no more than a thousand one after the other."""
    if len(conditions) <= MANY_CONDITIONS:
        return or_(false(), *conditions)
    middle = len(conditions) // 2
    # A Grouping alone would be taken apart again.
    return or_(*(type_coerce(Grouping(either(half)), Boolean) for half in (conditions[:middle], conditions[middle:])))


def live(expires_at: SQLColumnExpression[datetime | None], now: Now) -> ColumnElement[bool]:
    """Return the condition that a grant has not expired."""
    return or_(expires_at.is_(None), expires_at > now)


def probe(rows: Select[Any], name: str) -> Exists:
    """Return an EXISTS that is answered row by row.

    PostgreSQL would turn it into a join over the whole table and forget the order of the list; OFFSET 0 forbids that.
    """
    return exists(rows.offset(literal_column("0")) if name == POSTGRESQL else rows)


class InThisOrder(Join):
    """A join that SQLite begins on the left, looking up the right through an index.

    SQLite is told that there is little on the left, or it would first read the whole right side into a Bloom filter.
    """

    inherit_cache = True


@compiles(InThisOrder, "sqlite")
def _in_this_order(join: InThisOrder, compiler: SQLCompiler, **options: Any) -> str:
    plain: str = compiler.visit_join(join, **options)  # type: ignore[no-untyped-call]
    few = compiler.process(next(iter(join.left.c)))
    return f"{plain.replace(' JOIN ', ' CROSS JOIN ', 1)} AND likelihood(+{few} IS NOT NULL, 0.0001)"  # what stands on the left joins nothing


def through(few: FromClause, users: Select[Any], condition: ColumnElement[bool], name: str) -> Select[Any]:
    """Return what `users`, a select from `user`, finds for each of few others through an index, and no further than is read.

    PostgreSQL would hash the whole table when a limit lets it hope for an early end.
    """
    if name != POSTGRESQL:
        return users.select_from(InThisOrder(few, User.__table__, condition))
    found = users.where(condition).order_by(None).offset(literal_column("0")).correlate(few).lateral()
    return select(*found.c).select_from(few.join(found, true()))


class _Ids(UserDefinedType[Sequence[int]]):
    """Ids in one parameter of PostgreSQL, written out here: its driver would look at each for what has to be quoted."""

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the name of the type."""
        return "BIGINT[]"

    def bind_processor(self, dialect: Any) -> Any:
        """Return what writes the array."""
        return lambda ids: "{" + ",".join(map(str, ids)) + "}"


def among(column: SQLColumnExpression[int], ids: Sequence[int], name: str) -> ColumnElement[bool]:
    """Return the condition that the column is one of these ids, in one parameter however many they are.

    PostgreSQL would rather read a whole table than look up thousands; told between which they lie, it reads no more than that.
    """
    if name != POSTGRESQL:
        return _in_list(column, bindparam(None, listed(ids, name), Text), name)
    return and_(_in_list(column, bindparam(None, listed(ids, name), _Ids()), name), column.between(min(ids, default=0), max(ids, default=0)))


def each(ids: Sequence[int]) -> TableValuedAlias:
    """Return these ids as rows with an `id`, for PostgreSQL alone."""
    return func.unnest(bindparam(None, ids, _Ids())).table_valued(column("id", BigInteger)).render_derived()


def among_given(column: SQLColumnExpression[int], key: str, name: str) -> ColumnElement[bool]:
    """Return the condition that the column is one of the ids that a parameter brings, as `listed` gives them: for a statement that is kept."""
    return _in_list(column, bindparam(key, type_=_Ids() if name == POSTGRESQL else Text), name)


def listed(ids: Sequence[int], name: str) -> list[int] | str:
    """Return ids as one parameter."""
    return list(ids) if name == POSTGRESQL else json.dumps(list(ids))


def _in_list(column: SQLColumnExpression[int], given: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    if name == POSTGRESQL:
        return column == func.any(given)
    return column.in_(select(func.json_each(given).table_valued("value").c.value))


def one_of(column: SQLColumnExpression[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Return the condition that the column is one of a few values, said out: an IN would be written anew each time it is run."""
    return either([column == value for value in values])


def unhinted(column: SQLColumnExpression[Any], name: str) -> SQLColumnExpression[Any]:
    """Return the column in a form that SQLite does not look up through an index."""
    plain: Any = column
    return column if name == POSTGRESQL else UnaryExpression(plain.expression, operator=custom_op("+"), type_=plain.type)


def iso(moment: SQLColumnExpression[datetime], name: str) -> ColumnElement[str]:
    """Return a moment as text in the form of ISO 8601, in UTC, to the second."""
    if name == POSTGRESQL:
        return func.to_char(func.timezone("UTC", moment), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    return func.replace(func.substr(cast(moment, Text), 1, 19), " ", "T") + "Z"


def lowered(stored: ColumnElement[str], value: str, name: str) -> ColumnElement[str]:
    """Return a stored text in small letters, to be compared with this value; SQLite by itself knows no others than a to z."""
    return func.lower(stored) if name == POSTGRESQL or value.isascii() else Function(LOWERED, stored, type_=Text())


def json_object(values: Mapping[str, SQLColumnExpression[Any]], name: str) -> Function[Any]:
    """Return a JSON object built by the database from columns or literals."""
    build = func.json_build_object if name == POSTGRESQL else func.json_object
    pairs: list[SQLColumnExpression[Any]] = []
    for key, value in values.items():
        pairs += [literal_column("'" + key.replace("'", "''") + "'"), value]
    return build(*pairs)


def json_value(value: Any, name: str) -> ColumnElement[Any]:
    """Return a value as a part of a JSON object."""
    text = literal(json.dumps(value), Text)
    return cast(text, JSON) if name == POSTGRESQL else func.json(text)
