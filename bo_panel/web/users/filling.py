"""The form of somebody who exists, as it is filled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bo_panel.domain.errors import Refusal
from bo_panel.queries.held import Holdings
from bo_panel.web.users.access import RoleOffer
from bo_panel.web.users.agreeing import Agreement, agreement
from bo_panel.web.users.desk import Desk
from bo_panel.web.users.page import Conflict
from bo_panel.web.users.panels import Shown, panels_of
from bo_panel.web.users.pictures import Pictures
from bo_panel.web.users.signing_in import Remark, remarks
from bo_panel.web.users.typed import Typed

NO_PICTURES = Pictures()


@dataclass(frozen=True, slots=True)
class Filling:
    """His row, what he holds, what stands in the form, and what was said against it or asked about it."""

    row: Any
    held: Holdings
    offer: RoleOffer
    typed: Typed
    refusal: Refusal | None = None
    conflict: Conflict | None = None
    asked: Agreement | None = None
    pictures: Pictures = NO_PICTURES

    def sign_in(self, desk: Desk) -> list[Remark]:
        """Return whether he can sign in, and what keeps him from it, for whoever edits his account."""
        return remarks(desk, self.row) if desk.edits(self.row) else []

    def panels(self) -> Sequence[Shown]:
        """Return what plugins show beside the form."""
        return panels_of(self.row, self.held.grants)

    @property
    def open_questions(self) -> Agreement | None:
        """What has to be agreed to before it is saved; None where nothing has."""
        return agreement(self.typed, (self.row, self.held.grants), self.offer)
