"""The rows of the list of users, ready to print."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from bo_panel.domain.access import MEMBER, TOGGLE
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.tabular import GUEST_COLUMNS
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.on_users import Action
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.profile_fields import Owned, seen_by
from bo_panel.queries.reached import Counts
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.units import Place
from bo_panel.queries.visible import Scope
from bo_panel.settings.words import Words
from bo_panel.web.current import Me, hue, initials
from bo_panel.web.moments import said
from bo_panel.web.translating import gettext
from bo_panel.web.users.actions import actions_at, allowed, meant_for, status_word
from bo_panel.web.users.more_columns import Shown
from bo_panel.web.users.profile import shown

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
    policy_url: str


@dataclass(frozen=True, slots=True)
class Policies:
    """Where the policies of the rows are edited: at the unit that the list is narrowed to, or else at home, where there are presets for it."""

    url: str = ""
    kinds: frozenset[str] = frozenset()
    unit: Place | None = None

    def url_of(self, found: Any, me: Me) -> str:
        """Return where somebody's policy is edited; '' where that is not the reader's to do."""
        unit = self.unit or Place(found.home_id, found.home_name, found.home_kind, UnitPath(found.home_path))
        if unit.kind not in self.kinds or found.id == me.id or not me.access.allows("users", "edit", unit.path):
            return ""
        return f"{self.url}?id={found.id}&unit={unit.id}"


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
    policies: Policies = Policies()
    profile: Mapping[str, Owned] = field(default_factory=dict)
    more: Mapping[str, Shown] = field(default_factory=dict)
    """The columns of plugins."""
    acting: bool = False
    """Whether plugins have actions, of which it is looked at person by person which are for whom."""
    _acts: dict[str, Sequence[Action]] = field(default_factory=dict, compare=False, repr=False)
    _seen: dict[tuple[str, Status], tuple[bool, str, str]] = field(default_factory=dict, compare=False, repr=False)

    def row(self, found: Any) -> Row:
        """Return a row of the page."""
        at_home, keys, label = self._about(found)
        if self.acting and found.id != self.me.id:
            keys = " ".join([*keys.split(), *self._of_plugins(found)])
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
            self.policies.url_of(found, self.me),
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

    def _of_plugins(self, found: Any) -> Sequence[str]:
        """Return the keys of the actions of plugins that may be tried on somebody."""
        if found.home_path not in self._acts:
            self._acts[found.home_path] = actions_at(self.me, UnitPath(found.home_path))
        return meant_for(self._acts[found.home_path], found, self.held.get(found.id, ()))

    def _cell(self, column: str, found: Any, at_home: bool) -> Cell:
        if column.startswith(COUNT):
            return Cell("number", str(self.counts.get((found.id, column.removeprefix(COUNT)), 0)))
        if not at_home and column not in GUEST_COLUMNS:
            return Cell("muted")
        if column in self.profile:
            return self.profile_cell(self.profile[column], found)
        return self.plugin_cell(self.more[column], found) if column in self.more else CELLS[column](self, found)

    def role_cell(self, found: Any) -> Cell:
        """Return the roles held here, the first few by name."""
        keys = (held.role_key for held in self.held.get(found.id, ()))
        labels = list(dict.fromkeys(self.roles.label(key) for key in keys if key != MEMBER and not key.startswith(TOGGLE)))
        rest = labels[TAGS:]
        return Cell("tags", tags=labels[:TAGS], more=len(rest), more_title=", ".join(rest))

    def profile_cell(self, owned: Owned, found: Any) -> Cell:
        """Return the value of a profile field, where there is such a field for somebody and the person asking may see it."""
        path, value = UnitPath(found.home_path), found._mapping[owned.field.name]
        if not value or not owned.holds_at(path, found.home_kind) or not seen_by(self.me.access, owned.field, path):
            return Cell("muted")
        return Cell("text", shown(owned.field, value))

    def plugin_cell(self, shown_in: Shown, found: Any) -> Cell:
        """Return what a plugin shows of somebody, to whoever may see it; a mark where the plugin failed."""
        column, loaded = shown_in
        if column.needs and not self.me.access.allows(*column.needs, UnitPath(found.home_path)):
            return Cell("muted")
        if column.load and loaded is None:
            name = column.key.partition(".")[0]
            return Cell("failed", gettext("Not available"), exact=gettext("The plugin %(name)s failed. Its page says where.", name=name))
        value = loaded.get(found.id) if column.load and loaded is not None else found._mapping[column.key]
        return Cell("muted") if value in (None, "") else Cell("number" if column.number else "text", str(value))

    def edit_cell(self, found: Any) -> Cell:
        """Return the link to the form, for whoever may open it."""
        may = "edit" in self._about(found)[1]
        return Cell("link", self.words.action_edit, exact=self.url.replace("{id}", str(found.id))) if may else Cell("muted")

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
    "edit": Drawing.edit_cell,
    "id": lambda _drawing, found: Cell("number", str(found.id)),
}
"""How each column is drawn."""
