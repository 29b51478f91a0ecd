"""What is to become of each user of a selection, and what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bo_panel.domain.errors import ROW_REFUSALS, Refusal

CHANGE = "change"
SAME = "same"


@dataclass(frozen=True, slots=True)
class RefusedUser:
    """Somebody whom a change left alone: the refusal's code, and a plugin's words if it objected."""

    user_id: int
    code: str
    reason: str | None = None

    @property
    def refusal(self) -> Refusal:
        """The refusal as one that can be raised or shown."""
        return ROW_REFUSALS[self.code](reason=self.reason)


@dataclass(frozen=True, slots=True)
class Result:
    """What a run did: how many were selected, changed and refused, and a sample of the refusals."""

    change_set_id: int | None
    selected: int
    changed: int
    refused: int
    refusals: Sequence[RefusedUser] = ()
    subject_id: int | None = None
    codes: Mapping[str, int] = field(default_factory=dict)
    """How many were refused by each code, where they were only looked at."""

    @property
    def same(self) -> int:
        """How many were already as wanted."""
        return self.selected - self.changed - self.refused
