"""Users: pages of them, one of them, and what they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, BigInteger, ColumnElement, FromClause, Select, and_, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session

from bo_panel.domain.identifiers import searched_id
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.pages import Order, Step
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.on_users import Column
from bo_panel.models import Unit, User
from bo_panel.queries import search
from bo_panel.queries.filters import LONG_AGO, RECENTLY, FieldIs, filled_in, holds_one_of, signed_in
from bo_panel.queries.page import COUNT_LIMIT, Keyset, Page, capped_count, page_of
from bo_panel.queries.plugin_columns import shown, sortable, worked_out
from bo_panel.queries.profile_fields import profile_column
from bo_panel.queries.sql import POSTGRESQL, Now, Rows, dialect, kept, one_of, rows_of, through, unhinted
from bo_panel.queries.starting import MANY, MANY_HITS, Amounts, Extent, Hits, Start, extents, hits_of
from bo_panel.queries.visible import FEW_UNITS, Scope, Shape, at_home, gathered, guests, inhabitants, shape_for, shape_of, visible

SORTS: Mapping[str, Any] = {
    "name": User.sort_name,
    "user_name": User.user_name_key,
    "last_sign_in": User.last_sign_in,
    "id": User.id,
}
"""What a list may be sorted by; each has an index that carries home and away."""

NOW = bindparam("now", type_=User.last_sign_in.type)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the list of users."""

    search: str = ""
    statuses: tuple[Status, ...] = ()
    roles: tuple[str, ...] = ()
    signed_in: str = ""
    beneath: UnitPath | None = None
    profile: tuple[str, ...] = ()
    """The keys of the profile fields that are shown."""
    columns: tuple[Column, ...] = ()
    """What plugins show, so far as the database works it out."""
    fields: tuple[FieldIs, ...] = ()
    """What is asked of profile fields."""
    at_least: tuple[tuple[Column, int], ...] = ()
    """What is asked of the numbers that plugins show."""
    sorted_by: Column | None = None
    """The column of a plugin that it is sorted by, where it is one."""
    order: Order = Order("name")
    step: Step = Step()
    size: int = 50


def users_page(session: Session, scope: Scope, wanted: Wanted, now: datetime) -> Page[Any]:
    """Return one page of the users in scope; two statements, or one where everything is in scope and nothing is searched."""
    how, name = _how(session, _reach(scope, wanted), wanted, now), dialect(session)
    keyset, terms = Keyset(sort_value(wanted, scope, name), User.id, wanted.order, wanted.step), search.terms_of(wanted.search)
    values = {"now": now, "recently": now - RECENTLY, "long_ago": now - LONG_AGO, **search.values(terms), **keyset.place}
    values["searched_id"] = searched_id(wanted.search)
    wanted = replace(wanted, search=search.alike(wanted.search), step=keyset.anywhere)
    page = _new_page if wanted.fields else _page  # what is typed hardly comes again, and would push out what does
    found = rows_of(session, page(scope, wanted, replace(how, limit=min(how.limit, 1))), {**values, "walk_limit": how.limit})
    if how.limit and len(found) <= wanted.size:  # what is searched for lies further on, as names do in a list that is sorted by name
        found = rows_of(session, page(scope, wanted, replace(how, start=Start.HITS, limit=0)), values)
    return page_of(found, keyset, wanted.size, found[0].total if found else 0)


def _new_page(scope: Scope, wanted: Wanted, how: "_How") -> Any:
    """Return the statement of a page; its moments, its place and the words that are searched for are parameters."""
    drivers = _drivers(_reach(scope, wanted), wanted, how, NOW)
    keyset = Keyset(sort_value(wanted, scope, how.name), User.id, wanted.order, wanted.step)
    rows = drivers.page.keys(keyset, wanted.size + 1)
    keys = (rows.offset(bindparam("skip", type_=BigInteger)) if wanted.step.skip else rows).cte("page_keys").prefix_with("MATERIALIZED")
    more = (*map(profile_column, wanted.profile), *(shown(column, how.name) for column in wanted.columns))
    return (
        select(*_COLUMNS, *more, keys.c.sort_value, drivers.count.count().label("total"))
        .select_from(keys)
        .join(User, User.id == keys.c.id)
        .join(Unit, Unit.id == User.home_id)
        .order_by(*keyset.sorting(keys.c.sort_value, keys.c.id))
    )


_page = kept(_new_page)


def sort_value(wanted: Wanted, scope: Scope, name: str, now: Now = NOW) -> Any:
    """Return what the list is sorted by, never null; its moment is a parameter unless it is given."""
    return SORTS[wanted.order.key] if wanted.sorted_by is None else sortable(wanted.sorted_by, scope, now, name)


def _reach(scope: Scope, wanted: Wanted) -> Scope:
    return scope if wanted.beneath is None else scope.narrowed(wanted.beneath)


def one_user(session: Session, scope: Scope, user_id: int, now: datetime) -> Any | None:
    """Return the row of one user in scope, or None; one statement."""
    name = dialect(session)
    row = select(*_COLUMNS).join(Unit, Unit.id == User.home_id).where(User.id == user_id, User.deleted_at.is_(None))
    return session.execute(row.where(visible(scope, now, name))).one_or_none()


def users_named(session: Session, scope: Scope, user_ids: Sequence[int], now: datetime) -> Sequence[Any]:
    """Return the rows of these users, those in scope, by name; one statement."""
    rows = select(*_COLUMNS).join(Unit, Unit.id == User.home_id).where(User.id.in_(user_ids), User.deleted_at.is_(None))
    return session.execute(rows.where(visible(scope, now, dialect(session))).order_by(User.sort_name, User.id)).all()


def user_counts(session: Session, scope: Scope, now: datetime) -> Mapping[str, int]:
    """Return how many users in scope there are (`all`), are `active`, `disabled`, or `never` signed in, each up to 1,001."""
    kinds = {
        "all": Wanted(),
        "active": Wanted(statuses=(Status.ACTIVE,)),
        "disabled": Wanted(statuses=(Status.DISABLED,)),
        "never": Wanted(signed_in="never"),
    }
    units = scope.gathering()
    drivers = {key: _drivers(scope, wanted, _how(session, scope, wanted, now), now).count for key, wanted in kinds.items()}
    drivers = {key: replace(driver, units=driver.units if driver.units is None else units) for key, driver in drivers.items()}
    counts = session.execute(select(*(driver.count().label(f"n_{key}") for key, driver in drivers.items()))).one()
    return {key: counts._mapping[f"n_{key}"] for key in kinds}


_COLUMNS = (
    User.id,
    User.user_name,
    User.email,
    User.email_deliverable,
    User.first_name,
    User.last_name,
    User.phone,
    User.status,
    User.last_sign_in,
    User.created_at,
    User.home_id,
    User.version,
    Unit.name.label("home_name"),
    Unit.path.label("home_path"),
    Unit.kind.label("home_kind"),
)


@dataclass(frozen=True, slots=True)
class _Driver:
    """Where the search for users starts: at the hits of a text search, at the units in scope, or at an index that is walked."""

    condition: ColumnElement[bool]
    hits: FromClause | None
    units: CTE | None
    filters: tuple[ColumnElement[bool], ...]
    now: Now
    name: str
    spread: bool = False  # to be counted in the order of ids, as other indexes may have all who match at their end
    limited: bool = False  # to the first of a walk, as many as the parameter `walk_limit` says

    def keys(self, keyset: Keyset, limit: int) -> Select[Any]:
        """Return the ids and sort values of the page's rows."""
        rows: Select[Any] = select(User.id, keyset.column.label("sort_value")).where(*keyset.start())
        if self.limited:
            rows = rows.where(keyset.not_beyond("walk_limit", User.deleted_at.is_(None)))
        branches = [branch.order_by(None) for branch in self.branches(rows)]
        if len(branches) == 1:
            row_id, value = branches[0].selected_columns
            return branches[0].order_by(*keyset.sorting(value, row_id)).limit(limit)
        both = union_all(*branches).subquery("both")
        return select(both.c.id, both.c.sort_value).order_by(*keyset.sorting(both.c.sort_value, both.c.id)).limit(limit)

    def count(self) -> Any:
        """Return the capped count of everything that matches."""
        branches = self.branches(select(User.id))
        rows = branches[0] if len(branches) == 1 else select(union_all(*branches).subquery("all_matching").c.id)
        return capped_count(rows, order=User.id if self.spread else None)

    def branches(self, rows: Select[Any]) -> Sequence[Select[Any]]:
        """Return selects that together give what `rows`, a select from `user` alone, has of everybody who is meant, each once."""
        rows = rows.where(User.deleted_at.is_(None), *self.filters)
        if self.hits is not None:
            return [through(self.hits, rows.where(self.condition), User.id == self.hits.c.user_id, self.name)]
        if self.units is not None:
            return gathered(self.units, self.now, self.name, rows)
        return [rows.where(self.condition)]


@dataclass(frozen=True, slots=True)
class _Drivers:
    """Where the search for a page starts, and where that for its count; the count may stop at any thousand."""

    page: _Driver
    count: _Driver


@dataclass(frozen=True, slots=True)
class _How:
    """How a page is asked for on a database: where it starts, where its count starts, and in which shape."""

    name: str
    start: Start
    counted: Start
    shape: Shape
    limit: int = 0
    """How far a walk in search of a text may go; 0 for as far as it takes."""


def _drivers(scope: Scope, wanted: Wanted, how: _How, now: Now) -> _Drivers:
    name, terms = how.name, search.terms_of(wanted.search)
    filters = _filters(wanted, scope, now, name)
    walked = _Driver(visible(scope, now, name, how.shape), None, None, filters, now, name)
    units = scope.gathering()
    if not terms:
        gather = replace(walked, units=units)
        count = gather if how.counted is Start.UNITS else replace(walked, spread=not scope.everything)
        return _Drivers(gather if how.start is Start.UNITS else walked, count)
    hits = search.hits(terms, name)
    from_hits = replace(walked, hits=hits.cte("hits").prefix_with("MATERIALIZED"))
    looked_at = replace(walked, filters=(*filters, search.matches(terms, name)))
    if how.start is Start.UNITS:
        gather = replace(looked_at, units=units)
        return _Drivers(gather, gather)
    if how.start is Start.HITS:
        return _Drivers(from_hits, from_hits)
    return _Drivers(replace(looked_at, limited=how.limit > 0), replace(walked, hits=hits.subquery("hits")))  # read until they are counted


def _how(session: Session, scope: Scope, wanted: Wanted, now: datetime) -> _How:
    """Return how to ask, by how much there is to look at; one statement, or none where it was counted a moment ago."""
    name, terms = dialect(session), search.terms_of(wanted.search)
    if searched_id(wanted.search):
        return _How(name, Start.WALK, Start.WALK, shape_of(1))
    extent = Extent() if scope.everything else extents.known(session, scope, now)
    hits = hits_of.known(session, terms, now) if terms else Hits()
    if extent is None or hits is None:
        counts = _counts(scope if extent is None else None, len(terms) if hits is None else 0, name)
        home, visitors, units, of_all, found = rows_of(session, counts, search.values(terms) if hits is None else {})[0]
        extent = extent or extents.keep(session, scope, now, Extent(home, visitors, units, of_all))
        hits = hits or hits_of.keep(session, terms, now, Hits(found, of_all))
    much = Amounts(scope.everything, bool(terms), extent, hits, *_one_in(wanted), apart_first=name == POSTGRESQL)
    start = much.start(wanted.size)
    limit = much.limit(wanted.size) if terms and start is Start.WALK else 0
    return _How(name, start, much.start_of_count(COUNT_LIMIT), shape_for(scope, extent.units), limit)


def _one_in(wanted: Wanted) -> tuple[int, int]:
    """Return of how many users one passes all filters, and those on the row itself, as a guess: most are active."""
    by_status = 10 if wanted.statuses and Status.ACTIVE not in wanted.statuses else 1
    on_row = by_status << 2 * bool(wanted.signed_in)
    return on_row << 2 * sum(map(bool, (wanted.roles, wanted.fields, wanted.at_least))), on_row


@kept
def _counts(scope: Scope | None, terms: int, name: str) -> Any:
    """Return the statement that counts the extent of a scope and the hits of so many terms; nothing else where it is not asked."""
    home = visitors = units = hits = select(literal(0)).scalar_subquery()
    if scope is not None:
        inside = scope.gathering()
        home, visitors = (capped_count(rows, MANY) for rows in (inhabitants(inside, name), guests(inside, name)))
        units = capped_count(scope.units(), FEW_UNITS)
    if terms:
        hits = capped_count(search.hits(search.like(("",) * terms), name), MANY_HITS)
    of_all = select(func.coalesce(func.max(User.id), 0)).scalar_subquery()
    return select(home, visitors, units, of_all, hits)


def _filters(wanted: Wanted, scope: Scope, now: Now, name: str) -> tuple[ColumnElement[bool], ...]:
    filters: list[ColumnElement[bool]] = [*search.of_id(wanted.search)]
    if wanted.statuses:
        rare = scope.everything and Status.ACTIVE not in wanted.statuses  # most are active: an index of them is the long way
        filters.append(one_of(User.status if rare else unhinted(User.status, name), wanted.statuses))
    if wanted.roles:
        filters.append(holds_one_of(wanted.roles, scope, now, name))
    if wanted.signed_in:
        filters.append(and_(signed_in(wanted.signed_in, now), at_home(scope, name)))  # of guests it is not shown
    filters += [and_(filled_in(found, name), at_home(scope, name)) for found in wanted.fields]
    filters += [and_(worked_out(column, now, name) >= least, at_home(scope, name)) for column, least in wanted.at_least]
    terms = search.terms_of(wanted.search)
    if terms and not scope.everything:
        filters.append(search.shown_to(terms, at_home(scope, name)))
    return tuple(filters)


def matching(scope: Scope, wanted: Wanted, now: datetime, name: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on `user` that everybody on the wanted list meets, for a statement that looks at all of them."""
    reach = _reach(scope, wanted)
    terms = search.terms_of(wanted.search)
    found = (search.matches(terms, name),) if terms else ()
    return (visible(reach, now, name, Shape.HASH), *_filters(wanted, reach, now, name), *found)


def everybody(session: Session, scope: Scope, wanted: Wanted, now: datetime, rows: Select[Any]) -> Rows:
    """Return the `rows`, a select from `user` alone, of all on the wanted list, of whom as many as its size are read; one statement, or none."""
    reach = _reach(scope, wanted)
    how = replace(_how(session, reach, wanted, now), limit=0, shape=Shape.HASH)
    branches = [branch.order_by(None) for branch in _drivers(reach, wanted, how, now).page.branches(rows)]
    return branches[0] if len(branches) == 1 else union_all(*branches)
