"""What plugins are still to be told: which of it is due, the events themselves, and how it stands."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from bo_panel.models import AuditEvent, ChangeSet, Outgoing, User
from bo_panel.queries.audit import FOR_UNDO

GRACE = timedelta(hours=1)
"""For how long something may wait before somebody should look."""


def due(plugins: Collection[str], now: datetime) -> Select[Any]:
    """Return the select of what can be told to these plugins now, the oldest first; of one run, one plugin is told in order."""
    earlier = aliased(Outgoing)
    same = (earlier.plugin == Outgoing.plugin, earlier.change_set_id == Outgoing.change_set_id)
    before = exists().where(*same, earlier.id < Outgoing.id, earlier.dead_at.is_(None))
    free = and_(Outgoing.dead_at.is_(None), or_(Outgoing.not_before.is_(None), Outgoing.not_before <= now))
    return select(Outgoing).where(free, Outgoing.plugin.in_(plugins), ~before.correlate(Outgoing)).order_by(Outgoing.id).limit(1)


def events_of(session: Session, outgoing: Outgoing, limit: int) -> Sequence[Any]:
    """Return the next events of which a plugin was not told yet, in order; one statement."""
    columns = (*AuditEvent.__table__.c, User.user_name, ChangeSet.reason)
    rows = select(*columns).select_from(AuditEvent).outerjoin(User, User.id == AuditEvent.user_id)
    rows = rows.join(ChangeSet, ChangeSet.id == outgoing.change_set_id)
    run = AuditEvent.change_set_id + literal_column("0")  # no index of runs: each time it would be read whole, and sorted
    mine = (run == outgoing.change_set_id, AuditEvent.id > outgoing.upto, AuditEvent.id <= outgoing.last_id)
    return session.execute(rows.where(*mine).order_by(AuditEvent.id).limit(limit)).all()


def shown(values: dict[str, Any]) -> dict[str, Any]:
    """Return what an event tells, without what is kept for an undo only."""
    return {name: value for name, value in values.items() if name not in FOR_UNDO}


def all_outgoing(session: Session) -> Sequence[Any]:
    """Return all that plugins are still to be told, with what was done (`change`), in order; one statement."""
    rows = select(*Outgoing.__table__.c, ChangeSet.change).join(ChangeSet, ChangeSet.id == Outgoing.change_set_id)
    return session.execute(rows.order_by(Outgoing.id)).all()


def outbox_standing(session: Session, plugins: Collection[str], now: datetime) -> Any:
    """Return how it stands, in rows.

    `waiting` too long, since `since`; `failing`, so that it is tried again; given up (`dead`); for plugins that are not in use (`orphans`).
    """
    known = Outgoing.plugin.in_(plugins)
    waits = and_(known, Outgoing.dead_at.is_(None), Outgoing.at < now - GRACE)
    columns = (
        func.count().filter(waits).label("waiting"),
        func.min(Outgoing.at).filter(waits).label("since"),
        func.count().filter(known, Outgoing.dead_at.is_(None), Outgoing.told.is_not(None)).label("failing"),
        func.count().filter(known, Outgoing.dead_at.is_not(None)).label("dead"),
        func.count().filter(~known).label("orphans"),
    )
    return session.execute(select(*columns).select_from(Outgoing)).one()
