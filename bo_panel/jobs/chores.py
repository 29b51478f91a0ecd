"""The chores themselves: what is deleted once nobody needs it any more, and what the database wants done."""

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, delete, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bo_panel.domain.jobs import UNFINISHED
from bo_panel.jobs.exports import sweep
from bo_panel.jobs.schedule import Duty
from bo_panel.models import Attempt, Job, SignInSession
from bo_panel.services.engine import LOCKED, written
from bo_panel.settings import Settings

PRESENCE = "presence"
"""Nothing but that a worker was there: `bo doctor` reads when."""
OFTEN = timedelta(minutes=1)
SLICE = 1_000
"""How many rows one transaction deletes."""


def duties_of(settings: Settings) -> tuple[Duty, ...]:
    """Return everything that is to be done now and then in a deployment; a further chore is one more line here."""
    policy, keeping = settings.sign_in, settings.housekeeping
    idle, whole = timedelta(minutes=policy.session_idle_minutes), timedelta(hours=policy.session_absolute_hours)
    window, kept = timedelta(minutes=policy.attempt_window_minutes), timedelta(days=keeping.jobs_days)
    return (
        Duty(PRESENCE, OFTEN, lambda _session, _now: 0),
        Duty("sessions", timedelta(minutes=keeping.sign_ins_minutes), lambda session, now: forget_sessions(session, now - idle, now - whole)),
        Duty("attempts", timedelta(minutes=keeping.sign_ins_minutes), lambda session, now: forget_attempts(session, now - window, now)),
        Duty("jobs", timedelta(hours=keeping.jobs_hours), lambda session, now: forget_jobs(session, now - kept)),
        Duty("exports", timedelta(minutes=keeping.exports_minutes), lambda session, now: sweep(session, settings, now)),
        Duty("database", timedelta(minutes=keeping.database_minutes), tidy_database),
    )


def forget_sessions(session: Session, seen_before: datetime, begun_before: datetime) -> int:
    """Delete the sessions that have ended by themselves; return how many."""
    return _deleted(session, SignInSession.id, or_(SignInSession.seen_at < seen_before, SignInSession.created_at < begun_before))


def forget_attempts(session: Session, before: datetime, now: datetime) -> int:
    """Delete the counts of failed sign-ins that would begin anew with the next try; return how many."""
    over = or_(Attempt.blocked_until.is_(None), Attempt.blocked_until <= now)
    return _deleted(session, Attempt.key, and_(Attempt.since < before, over))


def forget_jobs(session: Session, before: datetime) -> int:
    """Delete the jobs that ended long ago; what they changed, whom they refused, and the trail stay. Return how many."""
    return _deleted(session, Job.id, and_(Job.state.not_in(UNFINISHED), Job.finished_at < before))


def tidy_database(session: Session, _now: datetime) -> int:
    """Let SQLite renew the statistics that its plans rest on, and cut its log file back; PostgreSQL does both by itself.

    Where others write all the while, that is left to the next time.
    """
    database = session.get_bind()
    if not isinstance(database, Engine) or database.dialect.name != "sqlite":
        return 0
    session.rollback()
    connection = database.raw_connection()
    cursor = connection.cursor()
    [waits] = cursor.execute("PRAGMA busy_timeout").fetchone()
    cursor.execute("PRAGMA busy_timeout=1000")
    try:
        for statement in ("PRAGMA optimize", "PRAGMA wal_checkpoint(TRUNCATE)"):
            cursor.execute(statement).fetchall()
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorname not in LOCKED:
            raise
        return 0
    finally:
        cursor.execute(f"PRAGMA busy_timeout={waits}")
        connection.close()
    return 1


def _deleted(session: Session, key: InstrumentedAttribute[Any], condition: ColumnElement[bool]) -> int:
    """Delete the rows of a table in small transactions, so that nobody waits long; return how many."""
    total = 0
    while gone := written(session, _slice_of(session, key, condition)):
        total += gone
    return total


def _slice_of(session: Session, key: InstrumentedAttribute[Any], condition: ColumnElement[bool]) -> Callable[[], int]:
    some = select(key).where(condition).limit(SLICE)
    deleting = delete(key.class_).where(key.in_(some)).returning(key)
    return lambda: len(session.scalars(deleting, execution_options={"synchronize_session": False}).all())
