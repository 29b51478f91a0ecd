"""What one transaction of a run is to do, and who keeps account of a run that takes many."""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from bo_panel.services.engine.attempt import About
from bo_panel.services.engine.change import SetChange
from bo_panel.services.engine.chunk import Span, Tally
from bo_panel.services.engine.selection import Selection


@dataclass(frozen=True, slots=True)
class Planned:
    """What one transaction is to do, to whom, and why."""

    change: SetChange
    selection: Selection
    span: Span = Span()
    reason: str = ""

    @property
    def about(self) -> About:
        """What is kept of the run from its beginning."""
        return About(self.change.key, self.reason, self.selection.told)


class Ledger(Protocol):
    """Keeps account of a run that takes many transactions; everything it writes is in the transaction that it tells of."""

    def opened(self, session: Session) -> tuple[int | None, int]:
        """Return the change set, if there is one yet, and the id up to which all is done; raise when the run is no longer one's own."""
        ...

    def noted(self, session: Session, done: Tally, upto: int) -> None:
        """Note what one transaction did, and up to which id."""
        ...

    def ended(self, session: Session, change_set_id: int) -> None:
        """Note that nobody is left."""
        ...
