"""What is kept of units: worked out once, for each process, and anew once somebody cleared it there or above."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bo_panel.bootstrap import Panel
from bo_panel.domain.errors import NotAllowed, NotFound
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.unit_contributions import CacheDomain, UnitSnapshot
from bo_panel.models import Unit, UnitCacheVersion
from bo_panel.queries.kept_values import Keeper
from bo_panel.services.changes import ClearCache, RenameUnit
from bo_panel.testing import World
from tests.office import ANNE, GREG, HALL, NADJA, NEXT_DOOR, fill

ROOT = 1


@dataclass
class Names:
    """A domain that keeps what a unit is called, and counts how often it was worked out."""

    calls: list[int] = field(default_factory=list)

    def load(self, unit: UnitSnapshot, session: Session) -> str:
        self.calls.append(unit.id)
        return str(session.scalar(select(Unit.name).where(Unit.id == unit.id)))


@dataclass(frozen=True)
class Office:
    world: World
    names: Names
    keepers: tuple[Keeper, Keeper]
    """Those of two processes on one database."""

    def seen(self, unit: int, process: int = 0) -> object:
        path = UnitPath.of(ROOT, unit) if unit != ROOT else UnitPath.of(ROOT)
        self.world.session.rollback()
        return self.keepers[process].kept(self.world.session, "test.names", path).value

    def clear(self, *units: int, by: int | None = None) -> int:
        return self.world.single(ClearCache(unit_ids=frozenset(units)), by=self.world.actor(by) if by else None).changed


@pytest.fixture
def office(ticketing_panel: Panel) -> Iterator[Office]:
    names = Names()
    domain, host = CacheDomain("test.names", "Names", names.load, minutes=30), ticketing_panel.host
    panel = replace(ticketing_panel, host=replace(host, registry=replace(host.registry, cache_domains={domain.key: domain})))
    with panel.session() as session:
        world = World(panel, session)
        fill(world)
        yield Office(world, names, (keeper_of(panel), keeper_of(panel)))


def keeper_of(panel: Panel) -> Keeper:
    return Keeper(panel.registry, panel.clock, panel.session)


def test_it_is_worked_out_once_and_kept_in_each_process(office: Office) -> None:
    assert [office.seen(HALL, process) for process in (0, 0, 1, 1)] == ["Concert Hall"] * 4
    assert office.names.calls == [HALL, HALL]


def test_cleared_it_is_worked_out_anew_by_every_process_and_the_neighbours_stays(office: Office) -> None:
    before = [office.seen(unit, process) for unit in (HALL, NEXT_DOOR) for process in (0, 1)]
    office.world.single(RenameUnit(unit_id=HALL, name="Opera"), RenameUnit(unit_id=NEXT_DOOR, name="Garage"))
    assert [office.seen(unit, process) for unit in (HALL, NEXT_DOOR) for process in (0, 1)] == before

    assert office.clear(HALL, by=ANNE) == 1

    after = [office.seen(unit, process) for unit in (HALL, NEXT_DOOR) for process in (0, 1)]
    assert after == ["Opera", "Opera", "Next Door", "Next Door"]


def test_cleared_above_it_is_cleared_beneath_and_not_the_other_way_round(office: Office) -> None:
    office.seen(HALL), office.seen(ROOT)
    office.clear(HALL)
    office.seen(HALL), office.seen(ROOT)
    assert office.names.calls == [HALL, ROOT, HALL]

    office.clear(ROOT)
    office.seen(HALL), office.seen(ROOT)
    assert office.names.calls == [HALL, ROOT, HALL, HALL, ROOT]


def test_it_is_kept_no_longer_than_its_time(office: Office) -> None:
    office.seen(HALL)
    office.world.panel.clock.forward(minutes=29)  # type: ignore[attr-defined]
    office.seen(HALL)
    assert office.names.calls == [HALL]

    office.world.panel.clock.forward(minutes=2)  # type: ignore[attr-defined]
    office.seen(HALL)
    assert office.names.calls == [HALL, HALL]


def test_looking_at_what_is_kept_asks_one_statement(office: Office, statements: Callable[[Panel], AbstractContextManager[list[str]]]) -> None:
    office.seen(HALL)
    with statements(office.world.panel) as seen:
        office.seen(HALL)

    assert len(seen) == 1


def test_each_time_it_is_cleared_it_has_another_version(office: Office) -> None:
    office.clear(HALL)
    first = office.world.session.scalars(select(UnitCacheVersion.version)).all()
    office.clear(HALL)
    assert office.world.session.scalars(select(UnitCacheVersion.version)).all() != first


def test_a_plugin_cannot_write_while_it_works_something_out(office: Office) -> None:
    def load(unit: UnitSnapshot, session: Session) -> None:
        session.add(UnitCacheVersion(unit_id=unit.id, domain="x", version=1))
        session.flush()

    bad = replace(office.keepers[0].registry, cache_domains={"test.bad": CacheDomain("test.bad", "Bad", load)})
    with pytest.raises(RuntimeError, match="only the change engine writes"):
        replace(office.keepers[0], registry=bad).kept(office.world.session, "test.bad", UnitPath.of(ROOT, HALL))


def test_it_is_for_those_who_may_edit_users_there_and_is_on_the_trail(office: Office) -> None:
    with pytest.raises(NotFound):
        office.clear(HALL, by=NADJA)
    with pytest.raises(NotFound):
        office.clear(HALL, NEXT_DOOR, by=ANNE)
    with pytest.raises(NotFound):
        office.clear(999)
    with pytest.raises((NotAllowed, NotFound)):
        office.clear(HALL, by=GREG)
    assert office.world.trail() == []

    office.clear(HALL, by=ANNE)
    assert office.world.trail() == [("caches.cleared", {}, {"cleared": "Names"})]
