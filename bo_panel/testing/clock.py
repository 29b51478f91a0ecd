"""A clock that stands still until it is told otherwise."""

from datetime import UTC, datetime, timedelta


class StillClock:
    """The same moment each time."""

    def __init__(self, moment: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)) -> None:
        """Begin at `moment`."""
        self.moment = moment

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment

    def forward(self, **span: float) -> None:
        """Go on by a span: `forward(minutes=5)`."""
        self.moment += timedelta(**span)
