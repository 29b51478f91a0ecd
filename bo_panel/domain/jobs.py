"""The states of a job, and which of them are over."""

from enum import StrEnum


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    """Refused half way, or before it began: the code says why."""
    FAILED = "failed"
    """Something went wrong that nobody refused; the log says what."""

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self not in UNFINISHED


UNFINISHED = (JobState.WAITING, JobState.RUNNING)
