"""The rows of the list of users, ready to print."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from bo_panel.domain.access import MEMBER
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.tabular import GUEST_COLUMNS
from bo_panel.domain.units import UnitPath
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.reached import Counts
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.visible import Scope
from bo_panel.settings.words import Words
from bo_panel.web.current import Me, hue, initials
from bo_panel.web.moments import said
from bo_panel.web.users.actions import allowed, status_word

TAGS = 2
COUNT = "count:"
"""Before the kind of units that a column counts."""


class Cell(NamedTuple):
    """One cell; what each kind uses is said in templates/users/list.html."""

    kind: str
    text: str = ""
    status: str = ""
    iso: str = ""
    exact: str = ""
    tags: Sequence[str] = ()
    more: int = 0
    more_title: str = ""


class Row(NamedTuple):
    """One user in the list."""

    id: int
    name: str
    initials: str
    secondary: str
    hue: int
    url: str | None
    status: str
    status_label: str
    selectable: bool
    allowed: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is needed to draw any row: computed once per page."""

    me: Me
    words: Words
    scope: Scope
    roles: RoleBook
    held: Mapping[int, Sequence[HeldRole]]
    columns: Sequence[str]
    url: str
    now: datetime
    counts: Counts = field(default_factory=dict)
    _seen: dict[tuple[str, Status], tuple[bool, str, str]] = field(default_factory=dict, compare=False, repr=False)

    def row(self, found: Any) -> Row:
        """Return a row of the page."""
        at_home, keys, label = self._about(found)
        return Row(
            found.id,
            full_name(found),
            initials(found.first_name, found.last_name, found.user_name),
            (found.email or "") if at_home and found.email_deliverable else "",
            hue(found.id),
            self.url.replace("{id}", str(found.id)) if "edit" in keys else None,
            found.status.value,
            label,
            bool(keys),
            keys,
            [self._cell(column, found, at_home) for column in self.columns],
        )

    def _about(self, found: Any) -> tuple[bool, str, str]:
        """Return whether somebody is at home in scope, what may be tried on him, and the word for his status.

        It is the same for all of one home and status, but for oneself.
        """
        key = (found.home_path, found.status)
        if key in self._seen and found.id != self.me.id:
            return self._seen[key]
        about = self.scope.covers(UnitPath(found.home_path)), allowed(self.me, found), status_word(self.words, found.status)
        if found.id != self.me.id:
            self._seen[key] = about
        return about

    def _cell(self, column: str, found: Any, at_home: bool) -> Cell:
        if column.startswith(COUNT):
            return Cell("number", str(self.counts.get((found.id, column.removeprefix(COUNT)), 0)))
        if not at_home and column not in GUEST_COLUMNS:
            return Cell("muted")
        return CELLS[column](self, found)

    def role_cell(self, found: Any) -> Cell:
        """Return the roles held here, the first few by name."""
        labels = list(dict.fromkeys(self.roles.label(held.role_key) for held in self.held.get(found.id, ()) if held.role_key != MEMBER))
        rest = labels[TAGS:]
        return Cell("tags", tags=labels[:TAGS], more=len(rest), more_title=", ".join(rest))

    def status_cell(self, found: Any) -> Cell:
        """Return the status."""
        return Cell("status", self._about(found)[2], found.status.value)

    def sign_in_cell(self, found: Any) -> Cell:
        """Return when somebody signed in last."""
        moment = said(found.last_sign_in, self.now)
        return Cell("time", text=moment.text, iso=moment.iso, exact=moment.exact)


def full_name(found: Any) -> str:
    """Return a person's name, or the user name of somebody without one."""
    return f"{found.first_name} {found.last_name}".strip() or str(found.user_name)


CELLS: Mapping[str, Callable[[Drawing, Any], Cell]] = {
    "user_name": lambda _drawing, found: Cell("text", found.user_name),
    "first_name": lambda _drawing, found: Cell("text", found.first_name),
    "last_name": lambda _drawing, found: Cell("text", found.last_name),
    "email": lambda _drawing, found: Cell("text", (found.email or "") if found.email_deliverable else ""),
    "phone": lambda _drawing, found: Cell("number", found.phone or ""),
    "home": lambda _drawing, found: Cell("text", found.home_name),
    "role": Drawing.role_cell,
    "status": Drawing.status_cell,
    "last_sign_in": Drawing.sign_in_cell,
    "id": lambda _drawing, found: Cell("number", str(found.id)),
}
"""How each column is drawn."""
