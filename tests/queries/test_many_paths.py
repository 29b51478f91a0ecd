"""What lies in very many subtrees: the same as with few, and looked up once through the index of the paths."""

import pytest
from hypothesis import strategies as st
from sqlalchemy import case, exists, not_, select, text, true
from sqlalchemy.orm import aliased

from bo_panel.domain.units import UnitPath
from bo_panel.models import Unit
from bo_panel.queries import sql
from bo_panel.queries.sql import POSTGRESQL, dialect, within
from bo_panel.testing import World
from tests.conftest import Check

FIRST, UNITS, PLACES = 1_000, 20_000, 60


def planted(world: World, units: int) -> None:
    shared = {"kind": "grove.area", "name": "Area", "sort_name": "area", "created_at": world.now}
    rows = []
    for number in range(units):  # each tenth has the nine that follow beneath it
        unit_id, above = FIRST + number, FIRST + number - number % 10
        path = f"/1/{unit_id}/" if unit_id == above else f"/1/{above}/{unit_id}/"
        rows.append({"id": unit_id, "path": path, "parent_id": 1 if unit_id == above else above, **shared})
    world.plant({Unit: rows})


def test_they_are_the_same_however_many_places_are_asked_for(world: World, monkeypatch: pytest.MonkeyPatch, check: Check) -> None:
    planted(world, 30)
    paths = world.session.scalars(select(Unit.path)).all()
    other = aliased(Unit)

    @check(st.lists(st.sampled_from(paths), min_size=1, max_size=12))
    def _same(chosen: list[str]) -> None:
        found = []
        for most in (0, len(chosen)):
            monkeypatch.setattr(sql, "MANY_CONDITIONS", most)
            inside = within(Unit.path, list(map(UnitPath, chosen)))
            beside = exists().where(other.id == Unit.id, within(other.path, list(map(UnitPath, chosen))))
            rows = select(Unit.id, case((inside, 1), else_=0), case((not_(inside), 1), else_=0), case((beside, 1), else_=0)).order_by(Unit.id)
            found.append([tuple(row) for row in world.session.execute(rows)])
        assert found[0] == found[1]


def test_they_are_looked_up_once_and_not_for_each_unit(world: World) -> None:
    planted(world, UNITS)
    name, inside = dialect(world.session), within(Unit.path, [UnitPath.of(1, FIRST + 10 * number) for number in range(PLACES)])
    world.session.execute(text("ANALYZE"))
    for condition in (inside, not_(inside), inside.is_not(true())):
        statement = select(Unit.id).where(condition)
        compiled = statement.compile(world.session.get_bind())
        explain = "EXPLAIN " if name == POSTGRESQL else "EXPLAIN QUERY PLAN "
        connection = world.session.connection()
        steps = connection.exec_driver_sql(explain + str(compiled), compiled.params if name == POSTGRESQL else tuple(compiled.params.values())).all()
        plan = "\n".join(str(step[-1] if name != POSTGRESQL else step[0]) for step in steps)
        again = ("Join Filter", "(SubPlan") if name == POSTGRESQL else ("CORRELATED",)
        assert not any(word in plan for word in again), plan
        assert "uq_unit_path" in plan if name == POSTGRESQL else "path>? AND path<?" in plan, plan
