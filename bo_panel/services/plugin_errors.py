"""Writes down where plugins failed: afterwards, in a transaction of its own."""

from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bo_panel.domain.errors import Refusal
from bo_panel.hooks.faults import Fault, Faults
from bo_panel.models import PluginFailure
from bo_panel.services.engine import written

log = structlog.get_logger()

MOST = 50
"""How many places are kept of a plugin, those where it failed last."""


def keep_faults(session: Session, faults: Faults, now: datetime) -> None:
    """Write down what failed since the last time; where that cannot be written it waits for the next time."""
    taken = faults.take()
    if not taken:
        return
    try:
        written(session, lambda: _write(session, taken, now))
    except (SQLAlchemyError, Refusal) as problem:
        faults.give_back(taken)
        log.warning("plugin_errors.not_kept", problem=type(problem).__name__)


def _write(session: Session, taken: Mapping[Fault, int], now: datetime) -> None:
    for (plugin, hook, place), times in taken.items():
        key = {"plugin": plugin[:60], "hook": hook[:120], "place": place[:200]}
        again = update(PluginFailure).filter_by(**key).values(count=PluginFailure.count + times, last_at=now)
        if not session.execute(again.returning(PluginFailure.id)).all():
            session.execute(insert(PluginFailure).values(**key, count=times, first_at=now, last_at=now))
    for plugin in {fault.plugin for fault in taken}:
        mine = PluginFailure.plugin == plugin[:60]
        last = select(PluginFailure.id).where(mine).order_by(PluginFailure.last_at.desc(), PluginFailure.id.desc()).limit(MOST)
        session.execute(delete(PluginFailure).where(mine, PluginFailure.id.not_in(last)))
