"""What somebody asked an export for, read again when it is done, and how much of it he may ask for at once."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bo_panel.domain.access import Access
from bo_panel.domain.actors import Actor
from bo_panel.domain.errors import ColumnGone, TooManyExports, UnknownUnit
from bo_panel.domain.jobs import UNFINISHED
from bo_panel.hooks.registry import Registry
from bo_panel.jobs.tasks import EXPORT, ExportThem, task_of, wanted_of
from bo_panel.models import Job
from bo_panel.queries.profile_fields import fields_named, key_of, places_of
from bo_panel.queries.shown_columns import with_columns
from bo_panel.queries.units import place
from bo_panel.queries.visible import Scope
from bo_panel.services.changes import ExportUsers
from bo_panel.services.transfer import Export

AT_ONCE = 3
"""How many exports somebody may have under way in the background."""


def check_few(session: Session, actor: Actor) -> None:
    """Raise when somebody has several exports under way already: others wait behind them, and each is kept for days."""
    mine = (Job.actor_id == actor.user_id, Job.task["do"].as_string() == EXPORT, Job.state.in_(UNFINISHED))
    count = session.scalar(select(func.count()).select_from(Job).where(*mine)) or 0
    if actor.user_id is not None and count >= AT_ONCE:
        raise TooManyExports(count=count)


def export_of(session: Session, job: Job, registry: Registry, access: Access) -> Export:
    """Return what a job is to export for somebody with this access; raise UnknownUnit or ColumnGone where a place or a column is gone."""
    task = task_of(job.task)
    if not isinstance(task, ExportThem):
        raise TypeError(f"job {job.id} is no export")
    _check_columns(session, registry, task.sheet.columns)
    wanted = with_columns(replace(wanted_of(job.selection["query"], registry), order=task.order), registry, task.sheet.columns)
    if wanted.beneath is not None:  # the place may have been moved since
        here = place(session, wanted.beneath.ids[-1])
        if here is None:
            raise UnknownUnit
        wanted = replace(wanted, beneath=here.path)
    where = places_of(session, registry, access, task.sheet.columns)
    return Export(task.sheet, wanted, Scope(access.reach(*ExportUsers.requires)), where)


def _check_columns(session: Session, registry: Registry, columns: Sequence[str]) -> None:
    """Raise ColumnGone for a profile field that is gone, and for a column that the database does not work out any more."""
    fields = fields_named(session, registry, filter(None, map(key_of, columns)))
    loaded = [key for key, column in registry.columns.items() if not column.sql]
    gone = [name for name in columns if (key_of(name) and key_of(name) not in fields) or name in loaded]
    if gone:
        raise ColumnGone(name=gone[0])
