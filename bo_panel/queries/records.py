"""Records, the rows of a plugin's page: those at units in scope, a page of them, one, and who looks after them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Text, and_, case, cast, false, func, literal, not_, or_, select, true
from sqlalchemy.orm import Session, aliased

from bo_panel.domain.identifiers import search_terms
from bo_panel.domain.pages import Order, Step
from bo_panel.domain.profile_fields import NO, YES, FieldType
from bo_panel.hooks.pages import CONTAINED, ModelPage, PersonField
from bo_panel.models import Grant, Unit, User
from bo_panel.queries.page import Keyset, Page, capped_count, page_of
from bo_panel.queries.sql import Now, either, live, within
from bo_panel.queries.visible import Scope

UNIT_NAME, UNIT_PATH, UNIT_KIND = "unit:name", "unit:path", "unit:kind"
PERSON, LOGIN = "person:", "login:"
"""Before the key of a column with a user: what he is called, and his user name."""
NOBODY = "0"
"""Stands among the users that a list is narrowed by for nobody."""
PERIODS = {"month": 30, "year": 365}
EARLIER = "earlier"
"""A period of time that has no beginning: before the longest of the others."""


@dataclass(frozen=True, slots=True)
class WantedRecords:
    """What is asked of a list of records; `beneath` is a part of what is in scope already."""

    search: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    order: Order = Order("name")
    today: date = date.min
    step: Step = Step()
    size: int = 50


def records_page(session: Session, page: ModelPage, scope: Scope, wanted: WantedRecords) -> Page[Any]:
    """Return one page of the records in scope; one statement."""
    table = page.table
    keyset = Keyset(_sorted_by(page, wanted.order.key), table.c.id, wanted.order, wanted.step)
    matching = _matching(page, scope, wanted)
    ids = _at_units(page, select(table.c.id)).where(*matching)
    rows = _records(page).add_columns(keyset.column.label("sort_value"), capped_count(ids).label("records:all"))
    rows = rows.where(*matching, *keyset.start()).order_by(*keyset.sorting(keyset.column, table.c.id)).limit(wanted.size + 1)
    found = session.execute(rows.offset(wanted.step.skip) if wanted.step.skip else rows).all()
    return page_of(found, keyset, wanted.size, found[0]._mapping["records:all"] if found else 0)


def record(session: Session, page: ModelPage, scope: Scope, record_id: int) -> Any | None:
    """Return one record in scope, or None; one statement."""
    return session.execute(_records(page).where(page.table.c.id == record_id, _inside(scope))).one_or_none()


def how_many_records(session: Session, page: ModelPage, scope: Scope, wanted: WantedRecords) -> int:
    """Return how many records are on the wanted list; one statement."""
    ids = _at_units(page, select(page.table.c.id)).where(*_matching(page, scope, wanted))
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def records_as_texts(page: ModelPage, scope: Scope, wanted: WantedRecords, columns: Sequence[str]) -> Select[Any]:
    """Return the select of these columns of all records on the wanted list, in its order: texts, and null for what there is not."""
    order, table = wanted.order, page.table
    by = Keyset(_sorted_by(page, order.key), table.c.id, order, Step())
    people = {person.key: aliased(User) for person in page.people}
    texts: list[Any] = [_text(page, key, people).label(key) for key in columns]
    rows = _joined(page, _at_units(page, select(*texts)), people)
    return rows.where(*_matching(page, scope, wanted)).order_by(*by.sorting(by.column, table.c.id))


def looking_after(session: Session, page: ModelPage, person: PersonField, scope: Scope, limit: int) -> Sequence[tuple[int, str]]:
    """Return who looks after records in scope, up to a limit: ids and names, by name; one statement."""
    theirs = _at_units(page, select(page.table.c[person.key])).where(_inside(scope))
    rows = select(User.id, _name(User).label("name")).where(User.id.in_(theirs), User.deleted_at.is_(None))
    return [(row.id, row.name) for row in session.execute(rows.order_by(User.sort_name, User.id).limit(limit))]


def who_may_look_after(person: PersonField, unit_id: int, now: Now) -> Select[Any]:
    """Return the select of those who can look after records of a unit: `id`, `user_name`, `user_name_key` and `name`, by name."""
    held = and_(Grant.user_id == User.id, Grant.unit_id == unit_id, Grant.role_key.in_(person.roles), live(Grant.expires_at, now))
    columns: list[Any] = [User.id, User.user_name, User.user_name_key, _name(User).label("name"), User.sort_name]
    rows = select(*columns).distinct().join(Grant, held)
    return rows.where(User.home_id == unit_id, User.deleted_at.is_(None)).order_by(User.sort_name, User.id)


def on_offer(session: Session, person: PersonField, unit_id: int, now: Now, limit: int) -> Sequence[tuple[str, str]]:
    """Return who can look after records of a unit, up to a limit: user names and names, by name; one statement."""
    return [(row.user_name, row.name) for row in session.execute(who_may_look_after(person, unit_id, now).limit(limit))]


def _records(page: ModelPage) -> Select[Any]:
    table = page.table
    people = {person.key: aliased(User) for person in page.people}
    kept = [table.c.id, table.c.version, table.c[page.unit].label("unit:id"), *(table.c[field.key] for field in page.fields)]
    where = [Unit.name.label(UNIT_NAME), Unit.path.label(UNIT_PATH), Unit.kind.label(UNIT_KIND)]
    named = [column for key, user in people.items() for column in (_name(user).label(PERSON + key), user.user_name.label(LOGIN + key))]
    return _joined(page, _at_units(page, select(*kept, *where, *named)), people)


def _at_units(page: ModelPage, rows: Select[Any]) -> Select[Any]:
    return rows.select_from(page.table).join(Unit, Unit.id == page.table.c[page.unit])


def _joined(page: ModelPage, rows: Select[Any], people: Mapping[str, Any]) -> Select[Any]:
    """Return the rows with whoever looks after each; nobody does who was deleted."""
    for key, user in people.items():
        rows = rows.outerjoin(user, and_(user.id == page.table.c[key], user.deleted_at.is_(None)))
    return rows


def _inside(scope: Scope) -> ColumnElement[bool]:
    return true() if scope.everything else within(Unit.path, scope.paths)


def _matching(page: ModelPage, scope: Scope, wanted: WantedRecords) -> Sequence[ColumnElement[bool]]:
    found = [page.table.c.document.contains(term, autoescape=True) for term in search_terms(wanted.search)]
    narrowed = (_narrowed(page, key, values, wanted.today) for key, values in wanted.filters.items())
    return [_inside(scope), *found, *narrowed]


def _narrowed(page: ModelPage, key: str, values: Sequence[str], today: date) -> ColumnElement[bool]:
    """Return the condition that a record has one of these values."""
    if key == "unit":
        return page.table.c[page.unit].in_([int(value) for value in values])
    column = page.table.c[key]
    if key not in page.by_key:
        ids = [int(value) for value in values if value != NOBODY]
        gone = select(User.id).where(User.id == column, User.deleted_at.is_not(None)).correlate(page.table).exists()
        return or_(and_(column.in_(ids), not_(gone)), or_(column.is_(None), gone) if NOBODY in values else false())
    kind = page.by_key[key].type
    if kind in CONTAINED:
        return either([_contains(column, value) for value in values])
    if kind is FieldType.YES_NO:
        return column.in_([value == YES for value in values])
    return either([_in_period(column, value, today) for value in values]) if kind is FieldType.DATE else column.in_(values)


def _contains(column: SQLColumnExpression[Any], text: str) -> ColumnElement[bool]:
    """Return the condition that a text stands somewhere in a column; SQLite knows capitals of ASCII only, so usual spellings are asked for too."""
    spelled = {text, text.lower(), text.upper(), text.title()}
    return or_(*(column.icontains(spelling, autoescape=True) for spelling in sorted(spelled)))


def _in_period(column: SQLColumnExpression[Any], period: str, today: date) -> ColumnElement[bool]:
    if period == EARLIER:
        return column < today - timedelta(days=max(PERIODS.values()))
    return column.between(today - timedelta(days=PERIODS[period]), today)


def _sorted_by(page: ModelPage, key: str) -> ColumnElement[Any]:
    """Return what a list is sorted by: never nothing, and a text, of which a page can say where it begins."""
    if key == "name":
        return page.table.c.sort_key
    column = page.table.c[key]
    if page.by_key[key].type is FieldType.DATE:
        return func.coalesce(cast(column, Text), "")
    return func.lower(func.coalesce(column, ""), type_=Text())


def _name(user: Any) -> ColumnElement[str]:
    return func.coalesce(func.nullif(func.trim(user.first_name + " " + user.last_name), ""), user.user_name)


def _text(page: ModelPage, key: str, people: Mapping[str, Any]) -> SQLColumnExpression[Any]:
    if key == "name":
        parts: list[ColumnElement[str]] = [func.coalesce(page.table.c[part], "") for part in page.name]
        return func.trim(reduce(lambda before, part: before + " " + part, parts))
    if key == "unit":
        return Unit.name
    if key in people:
        return _name(people[key])
    column = page.table.c[key]
    if key in page.by_key and page.by_key[key].type is FieldType.YES_NO:
        return case((column.is_(True), literal(YES)), (column.is_(False), literal(NO)), else_=None)
    return cast(column, Text)
