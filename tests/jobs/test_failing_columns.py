"""Jobs that go by a column of a plugin which fails in the database, or is gone: they end at once, and say which."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bo_panel.bootstrap import Panel
from bo_panel.domain.actors import Actor
from bo_panel.domain.jobs import JobState
from bo_panel.domain.lifecycle import DISABLE
from bo_panel.domain.pages import Order as Sorting
from bo_panel.domain.tabular import Format, Sheet
from bo_panel.hooks.on_users import Column
from bo_panel.jobs import ActOnThem, Exports, ExportThem, Jobs, Order
from bo_panel.jobs.tasks import Task
from bo_panel.models import AuditEvent, ExportPart, Job
from bo_panel.queries.users import Wanted
from bo_panel.services.engine import Counted, Matching
from bo_panel.testing import World
from tests.jobs.test_exports import Silent


def fails_with_data(asking: Any) -> Any:
    """Return an expression that fails for those whom there are only: a division by zero, a document that is none."""
    user = asking.user
    return 1 / (user.id - user.id) if asking.dialect == "postgresql" else func.json_extract(user.user_name, "$.x")


ODD_ONE = Column("shop.odd", "Odd one", sql=fails_with_data, number=True, sortable=True, at_least=(0,))
FAILED = "The column “Odd one” of the plugin shop could not be worked out for everybody. Do without it."


def with_columns(panel: Panel, *columns: Column) -> Panel:
    """Return a panel with these columns of plugins."""
    registry = replace(panel.registry, columns={column.key: column for column in columns})
    return replace(panel, host=replace(panel.host, registry=registry))


def jobs_of(panel: Panel) -> Jobs:
    return Jobs(panel.engine, Silent(), timedelta(seconds=60), exports=Exports(panel.engine, panel.exporter))


@pytest.fixture
def admin(world: World) -> Actor:
    area = world.unit("Area", kind="grove.area")
    for number in range(3):
        world.user(f"some.{number}", home=area)
    return world.actor(world.user("admin", ("grove.admin", area), home=area))


def given_in(world: World, jobs: Jobs, actor: Actor, task: Task, wanted: Wanted) -> int:
    return jobs.submit(world.session, actor, Order(task, Matching(wanted), Counted(4, 0)))


def ended(world: World, jobs: Jobs, job_id: int) -> Job:
    assert jobs.work(world.session)
    world.session.rollback()
    assert not jobs.work(world.session)
    return world.session.get_one(Job, job_id, populate_existing=True)


def table(*columns: str, sort: str = "id") -> ExportThem:
    return ExportThem(Sheet(Format.CSV, columns, columns), Sorting(sort))


NARROWED = Wanted(at_least=((ODD_ONE, 0),))
TASKS: dict[str, tuple[Task, Wanted]] = {
    "an action that is narrowed": (ActOnThem(DISABLE.key), NARROWED),
    "an export that is narrowed": (table("id"), NARROWED),
    "an export that shows it": (table("id", "shop.odd"), Wanted()),
    "an export that is sorted": (table("id", sort="shop.odd"), Wanted()),
}


@pytest.mark.parametrize("case", TASKS)
def test_a_job_that_goes_by_a_column_that_fails_ends_at_once_and_names_it(world: World, admin: Actor, case: str) -> None:
    panel = with_columns(world.panel, ODD_ONE)
    jobs = jobs_of(panel)
    job = ended(world, jobs, given_in(world, jobs, admin, *TASKS[case]))

    assert (job.state, job.refusal, job.told, job.changed) == (JobState.STOPPED, "column.failed", FAILED, 0)
    assert [(fault.plugin, fault.hook) for fault in panel.host.faults.take()] == [("shop", "bo_columns shop.odd")]
    assert world.session.scalar(select(func.count()).where(AuditEvent.event == "users.exported")) == 0
    assert world.session.scalar(select(func.count()).select_from(ExportPart)) == 0


@pytest.mark.parametrize("case", TASKS)
def test_a_job_that_goes_by_a_column_that_is_gone_ends_at_once_and_names_it(world: World, admin: Actor, case: str) -> None:
    job = ended(world, jobs_of(world.panel), given_in(world, jobs_of(with_columns(world.panel, ODD_ONE)), admin, *TASKS[case]))

    assert (job.state, job.refusal, job.changed) == (JobState.STOPPED, "column.gone", 0)
    assert job.told.startswith("The column shop.odd is not there any more:")


@pytest.mark.parametrize("name", ["profile:gone.size", "shop.loaded"])
def test_a_file_has_no_empty_column_for_what_is_gone(world: World, admin: Actor, name: str) -> None:
    jobs = jobs_of(with_columns(world.panel, Column("shop.loaded", "Loaded", load=lambda _users: {})))
    job = ended(world, jobs, given_in(world, jobs, admin, table("id", name), Wanted()))

    assert (job.state, job.refusal) == (JobState.STOPPED, "column.gone")
    assert job.told.startswith(f"The column {name} is not there any more:")
