"""The page of one unit: the way to it, what is inside, and who is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for
from flask.typing import ResponseReturnValue

from bo_panel.domain.units import UnitPath
from bo_panel.queries.page import COUNT_LIMIT
from bo_panel.queries.units import Place
from bo_panel.queries.users import Wanted, users_page
from bo_panel.web.current import hue, initials, scope
from bo_panel.web.grid import Pager
from bo_panel.web.translating import gettext
from bo_panel.web.units.desk import UnitDesk, address
from bo_panel.web.units.features import switches_of
from bo_panel.web.units.lines import Line, kind_of, picture_of
from bo_panel.web.users.actions import status_word
from bo_panel.web.users.rows import full_name

NAMED = 8


class Link(NamedTuple):
    """Somewhere to go."""

    label: str
    url: str
    icon: str = ""


class Person(NamedTuple):
    """Somebody who is there."""

    name: str
    initials: str
    hue: int
    url: str | None
    status: str
    status_label: str
    where: str


@dataclass(frozen=True, slots=True)
class People:
    """Some of those who are at a unit or beneath it, how many there are, and where all of them are listed."""

    some: Sequence[Person]
    count: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """The page of one unit."""

    desk: UnitDesk

    def page(self, lines: Sequence[Line], pager: Pager) -> ResponseReturnValue:
        """Return the page, with these units of what is inside."""
        desk, registry = self.desk, self.desk.panel.registry
        kind = kind_of(registry, desk.place.kind)
        return str(
            desk.view.render(
                "units/show.html",
                title=desk.place.name,
                unit_id=desk.place.id,
                kind=kind.label,
                icon_name=picture_of(registry, desk.place.kind),
                crumbs=[self._crumb(place) for place in desk.way[:-1]],
                back_url=desk.view.get_url(".index_view"),
                lines=lines,
                pager=pager,
                adding=self._adding(),
                changing=self._changing(),
                people=self._people(),
                switches=switches_of(desk),
                switch_url=f"{desk.view.get_url('.feature_view')}?id={desk.place.id}",
                events_url=self._events_url(),
            )
        )

    def _crumb(self, place: Place) -> Link:
        return Link(place.name, address(self.desk.view, place.id))

    def _adding(self) -> list[Link]:
        desk = self.desk
        url = f"{desk.view.get_url('.create_view')}?id={desk.place.id}"
        return [Link(gettext("Add %(kind)s", kind=kind.label), f"{url}&kind={kind.key}", "plus") for kind in desk.addable]

    def _changing(self) -> list[Link]:
        desk, query = self.desk, f"?id={self.desk.place.id}"
        links = []
        if scope("users").covers(desk.place.path):
            links.append(Link(desk.panel.settings.words.users, f"{url_for('users.index_view')}?home={desk.place.id}", "users"))
        if scope("roles", "edit").covers(desk.place.path):
            links.append(Link(gettext("Add a role"), f"{url_for('roles.create_view')}?unit={desk.place.id}", "shield"))
        if desk.allows("edit"):
            links.append(Link(gettext("Rename"), desk.view.get_url(".edit_view") + query, "pencil"))
        if desk.allows("edit") and desk.panel.registry.settings_at(desk.place.kind):
            links.append(Link(desk.panel.settings.words.manage_account, desk.view.get_url(".settings_view") + query, "settings"))
        if desk.movable:
            links.append(Link(gettext("Move"), desk.view.get_url(".move_view") + query, "folder-input"))
        if desk.panel.registry.switchable and desk.me.access.allows("plugins", "view", desk.place.path):
            links.append(Link(gettext("Plugins"), f"{url_for('plugins.at_view')}?unit={desk.place.id}", "puzzle"))
        return links

    def _people(self) -> People | None:
        """Return who is at the unit and beneath, or None where the person asking may look at nobody there; two statements at most."""
        desk, here = self.desk, scope("users").narrowed(self.desk.place.path)
        if not here.paths:
            return None
        page = users_page(desk.session, here, Wanted(size=NAMED), desk.panel.clock.now())
        count = f"{COUNT_LIMIT:,}+" if page.counted_out else f"{page.count:,}"
        whole = scope("users").covers(desk.place.path)  # where only a part of the unit may be looked at, no list is of that part alone
        url = f"{url_for('users.index_view')}?home={desk.place.id}" if whole else None
        return People([self._person(row) for row in page.rows], count, url)

    def _person(self, row: Any) -> Person:
        desk, words = self.desk, self.desk.panel.settings.words
        letters = initials(row.first_name, row.last_name, row.user_name)
        at_home = scope("users").covers(UnitPath(row.home_path))
        url = self._person_url(row.id) if at_home or desk.me.access.anywhere("users", "edit") else None
        where = row.home_name if at_home and row.home_id != desk.place.id else ""
        return Person(full_name(row), letters, hue(row.id), url, row.status.value, status_word(words, row.status), where)

    def _person_url(self, user_id: int) -> str:
        """Return where somebody is shown: his form for whoever may edit, else what he may do here."""
        if self.desk.me.access.anywhere("users", "edit"):
            return f"{url_for('users.edit_view')}?id={user_id}"
        return f"{url_for('access.index_view')}?id={user_id}&unit={self.desk.place.id}"

    def _events_url(self) -> str | None:
        inside = scope("audit").narrowed(self.desk.place.path)
        return f"{url_for('audit.index_view')}?unit={self.desk.place.id}" if inside.paths else None
