"""Refusals about records, which are the rows of a plugin's page."""

from collections.abc import Sequence
from typing import NamedTuple

from bo_panel.domain.errors.refusal import Refusal


class RecordTaken(Refusal):
    """Some fields tell the records of one unit apart."""

    code, status = "record.taken", 409
    message = "Another one here has this already. Enter another."


class RecordChanged(Refusal):
    """Somebody else saved first."""

    code, status = "record.changed", 409
    message = "Somebody else changed this while you were editing. Look at it again, then change it."


class RecordProblem(NamedTuple):
    """What is wrong with one of several records: its place among them, from 0, the field, and why."""

    place: int
    field: str
    reason: str


class RecordsRefused(Refusal):
    """Several records are added together, all or none."""

    code, status = "records.refused", 422
    message = "Nothing was added: {count} of them cannot be. Correct these, then try again."

    def __init__(self, problems: Sequence[RecordProblem] = (), **values: str) -> None:
        """Take what is wrong, in the order of the records."""
        super().__init__(count=len({problem.place for problem in problems}), **values)
        self.problems = tuple(problems)
