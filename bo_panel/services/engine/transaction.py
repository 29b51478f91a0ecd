"""The only place that opens a write transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from bo_panel.domain.errors import Busy, EmailTaken, FieldTaken, Refusal, UserNameTaken

WRITES = "bo_writes"
"""The execution option of a connection that may write; the database module refuses writes without it."""
ATTEMPTS = 3

LOST = frozenset({"40001", "40P01", "55P03", "23505"})
"""What PostgreSQL calls a transaction that lost against another: not serializable, deadlock, lock not to be had, not unique."""
LOCKED = frozenset({"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_BUSY_TIMEOUT", "SQLITE_LOCKED"})
TAKEN: dict[str, type[Refusal]] = {"user_name_key": UserNameTaken, "email_key": EmailTaken, "profile_value": FieldTaken}

Done = TypeVar("Done")


@contextmanager
def writing(session: Session) -> Iterator[None]:
    """Begin a transaction that may write, commit it at the end, and roll it back on any exception.

    What was read before in this session's transaction is given up: a decision is made on what is read inside.
    """
    session.rollback()
    session.connection(execution_options={WRITES: True})
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


def written(session: Session, work: Callable[[], Done]) -> Done:
    """Return what `work` does in a write transaction.

    If it loses a race it is done anew, and so sees what the other wrote; who loses every time is told in a Refusal.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with writing(session):
                return work()
        except DBAPIError as problem:
            lost = _lost(problem)
            if lost is None:
                raise
            if attempt == ATTEMPTS or _waited(problem):
                raise lost from problem
    raise Busy


def _lost(problem: DBAPIError) -> Refusal | None:
    """Return what is told of a lost race, or None if it is something else."""
    if isinstance(problem, IntegrityError):
        told = next((refusal for name, refusal in TAKEN.items() if name in str(problem.orig)), Busy)
        return told() if _code(problem.orig) in LOST or "UNIQUE" in str(problem.orig) else None
    return Busy() if _code(problem.orig) in LOST or _waited(problem) else None


def _waited(problem: DBAPIError) -> bool:
    return getattr(problem.orig, "sqlite_errorname", "") in LOCKED


def _code(problem: Any) -> str:
    return str(getattr(problem, "sqlstate", ""))
