"""What every form about users needs in one request: who asks, where the fields look things up, and how the page is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bo_panel.bootstrap import Panel
from bo_panel.domain.errors import NotFound, Refusal
from bo_panel.domain.units import UnitPath
from bo_panel.queries.held import Holdings, holder
from bo_panel.queries.roles import roles_at, roles_near
from bo_panel.queries.units import Place, place, places, units_below
from bo_panel.queries.visible import Scope
from bo_panel.web.current import Me, scope
from bo_panel.web.fields import RefusalNotice, Section, problems_of
from bo_panel.web.users.access import RoleOffer, picker_kinds, role_offer
from bo_panel.web.users.form import Addresses
from bo_panel.web.users.typed import MOST_UNITS, Typed, number

MANY = 51


class Found(NamedTuple):
    """The row of a user, and what he holds."""

    row: Any
    held: Holdings


@dataclass(frozen=True, slots=True)
class Desk:
    """The place where one request works on a form."""

    view: Any
    panel: Panel
    me: Me
    session: Session

    @property
    def seen(self) -> Scope:
        """Where the person asking may look at users."""
        return Scope(self.me.access.reach("users", "view"))

    def find(self, text: str) -> Found:
        """Return the user that an address names, so far as the person asking may see; raise NotFound for anybody else and for no id at all."""
        kinds = [kind.key for kind in self.panel.registry.counted()]
        found = holder(self.session, self.seen, number(text), kinds, self.panel.clock.now()) if number(text) else None
        if found is None:
            raise NotFound
        return Found(*found)

    def home(self, text: str, level: str = "view") -> Place | None:
        """Return the home that a form names, if the person asking holds this level there."""
        found = place(self.session, number(text)) if number(text) else None
        return found if found and scope("users", level).covers(found.path) else None

    def beneath(self, reach: Scope, text: str) -> Scope:
        """Return what of a scope lies beneath the unit that a form names; all of it where none is named, as in the form of a guest."""
        if not text:
            return reach
        found = place(self.session, number(text)) if number(text) else None
        return reach.narrowed(found.path) if found else Scope(())

    def homes(self) -> Sequence[Place]:
        """Return where the person asking may add accounts, up to one more than a select can show."""
        kinds = self.panel.settings.users.home_kinds or tuple(self.panel.registry.kinds)
        return units_below(self.session, scope("users", "create"), kinds, limit=MANY)

    def offer(self, home: Place) -> RoleOffer:
        """Return the roles on offer for an account at a home; one statement."""
        registry, here = self.panel.registry, self.me.access.reach("users", "edit")
        near = roles_near(self.session, registry, [home.path, *here]) if self.is_guest(home.path) else roles_at(self.session, registry, home.path)
        return role_offer(near, self.me.access, home, self.pickers())

    def is_guest(self, home: UnitPath) -> bool:
        """Return whether an account with this home is shown as a guest's: by name, user name, status, and what it holds here."""
        return not self.seen.covers(home)

    def pickers(self) -> tuple[str, ...]:
        """Return the unit kinds that the form has pickers for."""
        return picker_kinds(self.panel.registry, self.panel.settings.users.home_kinds)

    def addresses(self, home: str = "") -> Addresses:
        """Return where the fields look things up; `home` where the form has no field for it."""
        query = f"?home={home}" if home else ""
        return Addresses(units=self.view.get_url(".ajax_lookup") + query, roles=self.view.get_url(".roles_lookup"))

    def chosen(self, filled: Typed, known: Mapping[int, Place] | None = None) -> Mapping[int, Place]:
        """Return the units that were chosen, by id; those that the person asking can see. Only what is not `known` is asked for."""
        seen = dict(known or {})
        ids = {number(text) for texts in filled.units.values() for text in list(texts)[:MOST_UNITS]} - {0} - seen.keys()
        reach = self.seen
        found = places(self.session, ids) if ids else {}
        return seen | {unit_id: place for unit_id, place in found.items() if reach.covers(place.path)}

    def render(self, sections: Sequence[Section], refusal: Refusal | None, **shown: Any) -> ResponseReturnValue:
        """Return the page of a form; a refusal sets its status and is told, by the field it is about or above the form."""
        problems = problems_of(sections, refusal.code if refusal else "")
        notice = RefusalNotice(refusal.code, str(refusal)) if refusal and not problems and not shown.get("conflict") else None
        index = self.view.get_url(".index_view")
        usual: dict[str, Any] = {
            "back_url": index,
            "back_label": self.panel.settings.words.users,
            "subject": None,
            "version": "",
            "conflict": None,
            "facts": [],
            "access_url": None,
            "quick_actions": (),
            "actions": (),
            "action_ids": [],
            "here": index,
            "cancel_url": index,
            "action_url": self.view.get_url(".action_view"),
        }
        told = {"sections": sections, "problems": problems, "refusal": notice, "unsaved": refusal is not None}
        return self.view.render("users/form.html", **(usual | told | shown)), refusal.status if refusal else 200


def home_of(row: Any) -> Place:
    """Return the home of a user's row."""
    return Place(row.home_id, row.home_name, row.home_kind, UnitPath(row.home_path))
