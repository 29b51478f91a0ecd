"""Sets the raw program beside bo_panel on one database, and measures every page as everybody."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from time import perf_counter
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from bo_panel.app.factory import create_app
from bo_panel.bootstrap import Panel
from bo_panel.domain.access import MEMBER
from bo_panel.domain.pages import Order, Place
from bo_panel.domain.units import UnitPath
from bo_panel.models import Unit, User
from bo_panel.queries.users import SORTS, Wanted, matching
from bo_panel.queries.visible import Scope
from bo_panel.web.current import db
from tests.benchmarks.measuring import Measured, Pages, in_turn, measured, sql_time
from tests.benchmarks.raw import SHOWN, Driver, Known, Lite, Postgres, raw_app, template_of
from tests.benchmarks.raw_sql import RawPage, Writer, choices, ways
from tests.benchmarks.raw_template import raw_template
from tests.benchmarks.stage import Somebody, people, texts
from tests.benchmarks.works import Beneath, Work, works

DEEP = 999 * 50
TRIES = 4
TOO_LONG = 0.5
AT_MOST = 3.0
"""After how many seconds a way to write a page is given up."""


@dataclass(slots=True)
class Comparison:
    """Both programs over one database."""

    panel: Panel
    app: Flask
    driver: Driver
    known: Known
    raw: Flask
    searched: dict[int, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, panel: Panel) -> "Comparison":
        """Start both."""
        driver: Driver = Lite(panel.database.url) if panel.database.dialect.name == "sqlite" else Postgres(panel.database.url)
        labels = {key: role.label for key, role in panel.registry.roles.items()}
        declared = [{"what": "role", "key": key, "label": label} for key, label in labels.items() if key != MEMBER]
        known = Known({}, {}, {}, labels, {}, panel.settings.users.columns, declared)
        return cls(panel, create_app(panel), driver, known, raw_app(driver, known))

    def run(self, rounds: int, only: str = "") -> Iterator[Measured]:
        """Measure everything; each page is yielded as soon as it is measured."""
        for somebody in people(self.panel):
            cookie = f"bo_session={somebody.token}"
            pages = Pages(self.app, cookie)
            source = raw_template(pages.get("/users/").decode(), self.panel.settings.users.columns)
            self.known.templates[somebody.user_id] = template_of(source)  # type: ignore[index]
            self.known.choices[somebody.user_id] = choices(self.driver.name, somebody.top)  # type: ignore[index]
            self.known.tops[somebody.user_id] = somebody.top  # type: ignore[index]
            for work in self.works_of(somebody):
                if only in f"{work.title}, {somebody.title}":
                    yield self._one(somebody, work, pages, Pages(self.raw, cookie), rounds)

    def works_of(self, somebody: Somebody) -> Iterator[Work]:
        """Yield the pages that are asked for as somebody; the same for the same person."""
        if somebody.user_id not in self.searched:
            self.searched[somebody.user_id] = texts(self.panel, somebody)
        return works(*self.searched[somebody.user_id], self._home() if somebody.top == "/1/" else None)

    def last_page(self, somebody: Somebody) -> int:
        """Return the number of the last page, where pages are numbered."""
        with self.panel.session() as session:
            conditions = matching(Scope((UnitPath(somebody.top),)), Wanted(), self.panel.clock.now(), self.driver.name)
            return -(-(session.scalar(select(func.count()).select_from(User).where(*conditions)) or 0) // SHOWN)

    def _one(self, somebody: Somebody, work: Work, panel: Pages, raw: Pages, rounds: int) -> Measured:
        now = self.panel.clock.now()
        place = place_of(self.panel, somebody, work) if work.deep else None
        address = work.address(place)
        shown = f"{address}" if "?" in address else "/users/"
        self.known.pages[somebody.user_id, shown] = self._best(somebody, work, place, now)  # type: ignore[index]
        raw, panel = raw.settled(address), panel.settled(address)
        bodies = raw.get(address), panel.get(address)
        times = in_turn(address, raw, panel, rounds)
        raw_sql = self._raw_sql(raw, address)
        with self.app.app_context():
            panel_sql, statements = sql_time(db.engine, lambda: panel.get(address))
        return measured(somebody.title, work.title, times, bodies, (raw_sql, panel_sql, statements))

    def _best(self, somebody: Somebody, work: Work, place: Place | None, now: datetime) -> RawPage:
        """Return the fastest of all ways to write a page, tried on the spot."""
        everything = somebody.top == "/1/" and work.beneath is None
        top = None if everything else work.beneath.path if work.beneath else somebody.top
        start = None if place is None else (self._stored(place.value, work.order), place.id)
        written = [
            Writer(self.driver.name, top, way, roles_inside=somebody.top != "/1/").page(work, start, self.driver.moment(now))
            for way in ways(everything, bool(work.search))
        ]
        return min(written, key=self._time)

    def _time(self, page: RawPage) -> float:
        found = [inf]
        for _try in range(TRIES):
            start = perf_counter()
            if not self.driver.answers(page, AT_MOST):
                break
            found.append(perf_counter() - start)
            if found[-1] > TOO_LONG:
                break
        return min(found)

    def _raw_sql(self, raw: Pages, address: str) -> float:
        found = []
        for _try in range(7):
            self.driver.spent = 0.0
            raw.get(address)
            found.append(self.driver.spent * 1000)
        return sorted(found)[3]

    def _stored(self, value: Any, order: Order) -> Any:
        return self.driver.moment(datetime.fromtimestamp(value, UTC)) if order.key == "last_sign_in" else value

    def _home(self) -> Beneath:
        with self.panel.session() as session:
            row = session.execute(select(Unit.id, Unit.path).where(Unit.kind == "service_provider.provider").order_by(Unit.id).offset(1)).first()
        assert row is not None
        return Beneath(row.id, row.path)


def place_of(panel: Panel, somebody: Somebody, work: Work) -> Place:
    """Return the row before the thousandth page, or the one in the middle of a shorter list."""
    scope = Scope((UnitPath(somebody.top),))
    column, name = SORTS[work.order.key], panel.database.dialect.name
    order = (column.desc(), User.id.desc()) if work.order.descending else (column, User.id)
    with panel.session() as session:
        conditions = matching(scope, Wanted(order=work.order), panel.clock.now(), name)
        found = select(column, User.id).where(User.deleted_at.is_(None), *conditions)
        count = session.scalar(select(func.count()).select_from(found.limit(2 * DEEP).subquery())) or 0
        value, row_id = session.execute(found.order_by(*order).offset(count // 2 - 1).limit(1)).one()
    return Place(value.timestamp() if isinstance(value, datetime) else value, row_id)
