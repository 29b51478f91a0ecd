"""The list of users as a table of texts, made by the database: all of its pages in one statement, with the roles of everybody."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import FromClause, Select, SQLColumnExpression, Text, case, cast, func, literal, null, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.selectable import Subquery

from bo_panel.domain.access import MEMBER
from bo_panel.domain.profile_fields import BETWEEN
from bo_panel.domain.tabular import DISARMED, FORMULAS, GUEST_COLUMNS, harmless
from bo_panel.models import NEVER, Grant, Role, Unit, User
from bo_panel.queries.page import Keyset, capped_count
from bo_panel.queries.plugin_columns import worked_out
from bo_panel.queries.profile_fields import key_of, profile_column
from bo_panel.queries.sql import POSTGRESQL, dialect, iso, live, within
from bo_panel.queries.starting import ALL
from bo_panel.queries.users import Wanted, everybody, sort_value
from bo_panel.queries.visible import Scope

MOST = 3
"""From which part of all users on it is faster to collect the roles of everybody; measured."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How values are written: statuses and roles in words where there are some, `between` the roles of one person.

    A text that could be taken for a formula is kept from it where the table is `disarmed`. Roles are looked up person by person,
    or all of them are collected first, which is faster for most of all users and slower to begin.
    """

    columns: tuple[str, ...]
    statuses: Mapping[str, str]
    roles: Mapping[str, str]
    between: str = ", "
    disarmed: bool = True
    collected: bool = False
    where: Mapping[str, Scope] = field(default_factory=dict)
    """At which homes a column is shown, where that is not everywhere."""


def how_many(session: Session, scope: Scope, wanted: Wanted, now: datetime, limit: int | None = None) -> int:
    """Return how many are on the wanted list, up to one more than the limit where there is one."""
    people = everybody(session, scope, replace(wanted, size=ALL), now, select(User.id)).subquery("people")
    count = select(func.count()).select_from(people) if limit is None else select(capped_count(select(people.c.id), limit))
    return session.scalar(count) or 0


def is_most(session: Session, users: int) -> bool:
    """Return whether so many are enough of all for collecting the roles of everybody first; on SQLite that is never faster."""
    return dialect(session) == POSTGRESQL and users * MOST > (session.scalar(select(func.max(User.id))) or 0)


def work_out(session: Session, scope: Scope, wanted: Wanted, now: datetime, wording: Wording) -> None:
    """Have the database work out what plugins add to the wanted list, for everybody on it, and raise where it fails; one statement, or none."""
    if not (wanted.columns or wanted.sorted_by or wanted.at_least):
        return
    keys = tuple(column.key for column in wanted.columns)
    texts, joined = _table(session, scope, wanted, now, replace(wording, columns=keys, collected=False))
    found = (*map(texts.column, keys), texts.people.c.sort_value)
    session.execute(select(*map(func.count, found)).select_from(joined)).one()


def as_texts(session: Session, scope: Scope, wanted: Wanted, now: datetime, wording: Wording) -> Select[Any]:
    """Return the select of the columns of everybody on the wanted list, in its order: texts, and null for what there is not."""
    texts, joined = _table(session, scope, wanted, now, wording)
    order = texts.people.c.sort_value, texts.people.c.id
    found = select(*map(texts.column, wording.columns)).select_from(joined)
    return found.order_by(*Keyset(*order, wanted.order, wanted.step).sorting(*order))


def _table(session: Session, scope: Scope, wanted: Wanted, now: datetime, wording: Wording) -> "tuple[_Texts, FromClause]":
    """Return the columns of everybody on the wanted list, and what they are read from."""
    name = dialect(session)
    profile = [profile_column(key) for key in map(key_of, wording.columns) if key]
    plugins = [worked_out(column, now, name).label(column.key) for column in wanted.columns]
    rows: Any = select(*_NEEDED, *profile, *plugins, sort_value(wanted, scope, name, now).label("sort_value"))
    people = everybody(session, scope, replace(wanted, size=ALL), now, rows).subquery("people")
    texts = _Texts(people, scope, now, wording, name)
    joined = people.outerjoin(Unit, Unit.id == people.c.home_id)
    if texts.collected is not None:
        joined = joined.outerjoin(texts.collected, texts.collected.c.user_id == people.c.id)
    return texts, joined


_NEEDED = (
    User.id,
    User.home_id,
    User.user_name,
    User.first_name,
    User.last_name,
    User.email,
    User.email_deliverable,
    User.phone,
    User.status,
    User.last_sign_in,
)


@dataclass(frozen=True)
class _Texts:
    """The columns as texts, of people that a subquery finds, joined with their homes."""

    people: Subquery
    scope: Scope
    now: datetime
    wording: Wording
    name: str

    def column(self, key: str) -> SQLColumnExpression[Any]:
        """Return a column; of guests it is empty unless it is shown of them."""
        text: SQLColumnExpression[Any] = self.profile(key) if key_of(key) else _TEXTS[key](self) if key in _TEXTS else self.plugin(key)
        if key not in GUEST_COLUMNS and not self.scope.everything:
            text = case((within(Unit.path, self.scope.paths), text), else_=null())
        if key in self.wording.where:
            text = case((within(Unit.path, self.wording.where[key].paths), text), else_=null())
        if len(self.wording.columns) == 1 and self.wording.disarmed:
            text = func.coalesce(cast(text, Text), "")  # a line with nothing on it is no line
        return text.label(key)

    def typed(self, key: str) -> SQLColumnExpression[Any]:
        """Return what somebody typed, or nothing for an empty text."""
        text = self.people.c[key]
        if not self.wording.disarmed:
            return func.nullif(text, "")
        return case((_armed(text), literal(DISARMED) + text), (text != "", text), else_=null())

    def profile(self, key: str) -> SQLColumnExpression[Any]:
        """Return what is stored in a profile field, several choices with commas between them."""
        return func.replace(self.typed(key), BETWEEN, ", ")

    def plugin(self, key: str) -> SQLColumnExpression[Any]:
        """Return what a plugin has the database work out."""
        return self.safe(cast(self.people.c[key], Text))

    def safe(self, text: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
        """Return a text that no spreadsheet takes for a formula."""
        if not self.wording.disarmed:
            return text
        return case((_armed(text), literal(DISARMED) + text), else_=text)

    def full_name(self) -> SQLColumnExpression[Any]:
        """Return a person's name, or the user name of somebody without one."""
        names = func.trim(self.people.c.first_name + " " + self.people.c.last_name)
        return self.safe(func.coalesce(func.nullif(names, ""), self.people.c.user_name))

    def email(self) -> SQLColumnExpression[Any]:
        """Return the address that mail reaches; one that only stands for having none is not shown."""
        return case((self.people.c.email_deliverable, self.typed("email")), else_=null())

    def status(self) -> SQLColumnExpression[Any]:
        """Return the status, in words where there are some."""
        code = cast(self.people.c.status, Text)
        return case(self.wording.statuses, value=code, else_=code) if self.wording.statuses else code

    def last_sign_in(self) -> SQLColumnExpression[Any]:
        """Return the moment as ISO 8601 in UTC, or nothing for somebody who never signed in."""
        moment = self.people.c.last_sign_in
        return case((moment == NEVER, null()), else_=iso(moment, self.name))

    def roles(self) -> SQLColumnExpression[Any]:
        """Return the names of the roles that somebody holds in scope, each once, in the order of their letters."""
        if self.collected is not None:
            return self.collected.c.labels
        labels = self._held().where(Grant.user_id == self.people.c.id).correlate(self.people).subquery("held")
        return select(self._joined(labels.c.label)).select_from(labels).scalar_subquery()

    @cached_property
    def collected(self) -> Subquery | None:
        """The same of everybody, where it is collected first."""
        if not self.wording.collected or "role" not in self.wording.columns:
            return None
        held = self._held().add_columns(Grant.user_id).order_by(None).order_by(Grant.user_id, "label").subquery("held")
        return select(held.c.user_id, self._joined(held.c.label).label("labels")).group_by(held.c.user_id).subquery("collected")

    def _joined(self, label: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
        return (func.string_agg if self.name == POSTGRESQL else func.group_concat)(label, self.wording.between)

    def _held(self) -> Select[Any]:
        """Return the select of the names of roles that are held in scope."""
        label = self._label().collate("C") if self.name == POSTGRESQL else self._label()
        held = select(label.label("label")).distinct().where(Grant.role_key != MEMBER, live(Grant.expires_at, self.now)).order_by("label")
        if self.scope.everything:
            return held
        there = aliased(Unit)
        return held.join(there, there.id == Grant.unit_id).where(within(there.path, self.scope.paths))

    def _label(self) -> SQLColumnExpression[Any]:
        """Return the name of a grant's role: a declared one, one that a unit in scope or above it owns, a policy, else its key.

        Each is disarmed by itself, which spares asking for all of somebody's roles twice.
        """
        declared = {key: harmless(label) if self.wording.disarmed else label for key, label in self.wording.roles.items()}
        other = self.safe(func.coalesce(self._stored(), Grant.role_key))
        return case(declared, value=Grant.role_key, else_=other) if declared else other

    def _stored(self) -> SQLColumnExpression[Any]:
        found = select(Role.label).where(Role.key == Grant.role_key)
        if not self.scope.everything:
            owner = aliased(Unit)
            above = sorted({unit_id for path in self.scope.paths for unit_id in path.ids})
            found = found.outerjoin(owner, owner.id == Role.unit_id)
            found = found.where(or_(Role.unit_id.is_(None), within(owner.path, self.scope.paths), owner.id.in_(above)))
        return found.correlate(Grant).scalar_subquery()


def _armed(text: SQLColumnExpression[Any]) -> SQLColumnExpression[bool]:
    return func.substr(text, 1, 1).in_(FORMULAS)


_TEXTS: Mapping[str, Any] = {
    "name": _Texts.full_name,
    "user_name": lambda texts: texts.typed("user_name"),
    "first_name": lambda texts: texts.typed("first_name"),
    "last_name": lambda texts: texts.typed("last_name"),
    "email": _Texts.email,
    "phone": lambda texts: texts.typed("phone"),
    "home": lambda texts: texts.safe(Unit.name),
    "role": _Texts.roles,
    "status": _Texts.status,
    "last_sign_in": _Texts.last_sign_in,
    "id": lambda texts: texts.people.c.id,
}
"""How each column is written."""
