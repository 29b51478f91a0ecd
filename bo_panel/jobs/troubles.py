"""What gets in the way of a job without being its fault: it passes, and the job is begun again."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from bo_panel.domain.errors import Busy

FULL = frozenset({"53100", "SQLITE_FULL"})
"""What the two databases call a full disk."""
HUNG = "25P03"
"""What PostgreSQL calls a transaction in which nothing was done for so long that it ended it."""
AWAY = "The database could not be reached."
NO_SPACE = "The disk of the database is full."
OTHERS = "Others were changing the same accounts."
DATABASE = "The database could not do it at that moment."
UNKNOWN = "Something went wrong; the log of the worker says what."


def passing(problem: BaseException) -> str | None:
    """Return what is told of a problem that is not the job's own, or None for any other."""
    if isinstance(problem, Busy):
        return OTHERS
    if not isinstance(problem, DBAPIError):
        return None
    if _code(problem) in FULL:
        return NO_SPACE
    if problem.connection_invalidated or _code(problem) == HUNG:
        return AWAY
    return DATABASE if isinstance(problem, OperationalError | InterfaceError) and _code(problem) != "SQLITE_ERROR" else None


def _code(problem: DBAPIError) -> str:
    """Return the code of either database; SQLite says SQLITE_ERROR of a statement that is wrong."""
    return str(getattr(problem.orig, "sqlstate", None) or getattr(problem.orig, "sqlite_errorname", ""))
