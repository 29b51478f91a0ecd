"""Lets others write while a long job runs."""

from time import monotonic, sleep

from sqlalchemy.orm import Session

from bo_panel.queries.sql import POSTGRESQL, dialect

TURN = 1.0
"""For how many seconds one job may take one transaction after the other."""
PAUSE = 0.12
"""Who waits for SQLite looks every tenth of a second, and never stands in a queue."""


class Turns:
    """Leaves a gap now and then in which whoever waits gets in; PostgreSQL locks rows and needs none."""

    def __init__(self, session: Session) -> None:
        """Begin a turn."""
        self._needed = dialect(session) != POSTGRESQL
        self._since = monotonic()

    def pass_on(self) -> None:
        """Wait a moment if the turn is over, and begin another."""
        if self._needed and monotonic() - self._since > TURN:
            sleep(PAUSE)
            self._since = monotonic()
