"""The list as a table: exactly who and what the pages of the list show, in any world."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import text

from bo_panel.domain.access import MEMBER
from bo_panel.domain.actors import ROOT
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.pages import Order
from bo_panel.domain.tabular import COLUMNS, GUEST_COLUMNS
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.on_users import Column
from bo_panel.models import NEVER
from bo_panel.queries.exported import Wording, as_texts, how_many
from bo_panel.queries.grants import roles_held
from bo_panel.queries.roles import roles_near
from bo_panel.queries.streaming import blocks, snapshot
from bo_panel.queries.users import SORTS, Wanted, users_page
from bo_panel.queries.visible import Scope
from bo_panel.testing import World
from tests.worlds import Drawn, plant, worlds

Check = Callable[..., Callable[[Callable[..., None]], None]]

WANTED = st.builds(
    Wanted,
    search=st.sampled_from(("", "an", "user", "nobody")),
    statuses=st.sampled_from(((), (Status.ACTIVE,), (Status.DISABLED, Status.INVITED))),
    roles=st.sampled_from(((), ("grove.viewer",))),
    order=st.builds(Order, st.sampled_from(sorted(SORTS)), st.booleans()),
)


def shown(world: World, scope: Scope, wanted: Wanted) -> list[tuple[Any, ...]]:
    """Return what the list shows of everybody, told as a table."""
    rows = users_page(world.session, scope, replace(wanted, size=100), world.now).rows
    held = roles_held(world.session, scope, [row.id for row in rows], world.now)
    book = roles_near(world.session, world.panel.registry, scope.paths)
    return [told(row, scope, sorted({book.label(grant.role_key) for grant in held.get(row.id, ()) if grant.role_key != MEMBER})) for row in rows]


def told(row: Any, scope: Scope, roles: Sequence[str]) -> tuple[Any, ...]:
    values = {
        "name": f"{row.first_name} {row.last_name}".strip() or row.user_name,
        "user_name": row.user_name,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "email": row.email if row.email_deliverable else None,
        "phone": row.phone,
        "home": row.home_name,
        "role": ", ".join(roles),
        "status": row.status.value,
        "last_sign_in": None if row.last_sign_in == NEVER else f"{row.last_sign_in:%Y-%m-%dT%H:%M:%SZ}",
        "id": row.id,
    }
    hidden = set() if scope.covers(UnitPath(row.home_path)) else set(COLUMNS) - GUEST_COLUMNS
    return tuple(None if column in hidden else values[column] or None for column in COLUMNS)


def test_a_table_has_what_the_list_shows_whoever_looks(world: World, check: Check) -> None:
    @check(worlds(), WANTED, st.booleans(), st.booleans(), share=0.2)
    def holds(drawn: Drawn, wanted: Wanted, collected: bool, beneath: bool) -> None:
        plant(world, drawn)
        labels = {key: role.label for key, role in world.panel.registry.roles.items()}
        wording = Wording(COLUMNS, {}, labels, disarmed=False, collected=collected)
        for path in (ROOT.text, *list(drawn.paths.values())[:3]):
            scope = Scope((UnitPath(path),))
            asked = replace(wanted, beneath=UnitPath(path)) if beneath else wanted
            with snapshot(world.panel.database) as session:
                count = how_many(session, scope, asked, world.now)
                table = [tuple(row) for block in blocks(session, as_texts(session, scope, asked, world.now, wording)) for row in block]
            assert table == shown(world, scope, asked)
            assert count == len(table)
            world.session.rollback()


def test_a_table_sorted_by_a_column_of_a_plugin_has_the_order_of_the_list_with_those_who_have_nothing(world: World) -> None:
    idle = Column("grove.idle", "Idle", sql=lambda asking: asking.days_since(asking.user.last_sign_in), number=True, sortable=True)
    for name, days in (("ann", 3), ("bob", None), ("cyd", 9), ("dan", None)):
        world.user(name, last_sign_in=NEVER if days is None else world.now - timedelta(days=days))
    for descending in (False, True):
        wanted = Wanted(columns=(idle,), sorted_by=idle, order=Order(idle.key, descending))
        with snapshot(world.panel.database) as session:
            [block] = blocks(session, as_texts(session, Scope((ROOT,)), wanted, world.now, Wording(("id", idle.key), {}, {})))
        rows = users_page(world.session, Scope((ROOT,)), wanted, world.now).rows
        assert [row[0] for row in block] == [row.id for row in rows]


def test_a_long_select_is_planned_for_all_of_its_rows(world: World) -> None:
    world.user("ann")
    wording = Wording(COLUMNS, {}, {}, collected=True)
    with snapshot(world.panel.database) as session:
        rows = next(blocks(session, as_texts(session, Scope((ROOT,)), Wanted(), world.now, wording)))
        postgresql = world.panel.database.dialect.name == "postgresql"
        assert [row[1] for row in rows] == ["ann"]
        assert not postgresql or session.scalar(text("SHOW cursor_tuple_fraction")) == "1"
