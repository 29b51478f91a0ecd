"""What plugins read for what they show."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.orm import Session


def read_apart(session: Session, statement: Executable) -> Sequence[Any]:
    """Return the rows of a select; one that fails spoils nothing of what is read after it. Nothing can be written."""
    with session.begin_nested():
        return session.execute(statement).all()
