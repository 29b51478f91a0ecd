"""What every form about users needs in one request: who asks, where the fields look things up, and how the page is drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bo_panel.bootstrap import Panel
from bo_panel.domain.errors import NotFound, Refusal
from bo_panel.domain.profile_fields import FieldType, ProfileField
from bo_panel.domain.units import UnitPath
from bo_panel.queries.features import kept_feature_book
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.held import Holdings, holder
from bo_panel.queries.profile_fields import FieldBook, edited_by, kept_field_book, seen_by, with_countries
from bo_panel.queries.roles import kept_roles_at, roles_near, with_policies
from bo_panel.queries.units import Place, place, places, units_below
from bo_panel.queries.visible import Scope
from bo_panel.web.current import Me, scope
from bo_panel.web.fields import Section, notice_of, problems_of
from bo_panel.web.users.access import Limits, RoleOffer, picker_kinds, role_offer
from bo_panel.web.users.form import Addresses
from bo_panel.web.users.role_set import RoleSet
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

    def offer(self, home: Place, held: Sequence[HeldRole] = ()) -> RoleOffer:
        """Return the roles on offer for an account at a home that holds these; one statement, or none where they are known."""
        registry, here = self.panel.registry, self.me.access.reach("users", "edit")
        if self.is_guest(home.path):
            book = roles_near(self.session, registry, [home.path, *here])
        else:
            book = kept_roles_at(self.session, registry, home.path, self.me.signed_in.configuration)
        book = with_policies(self.session, book, (grant.role_key for grant in held))
        closed = self._closed(here if self.is_guest(home.path) else (home.path,))
        return role_offer(book, self.me.access, home, Limits(self.pickers(), closed))

    def _closed(self, paths: Sequence[UnitPath]) -> frozenset[str]:
        """Return the roles whose feature is on at none of these units; no statement where it is known, or no role needs one."""
        needed = {key: feature.key for key in self.panel.registry.roles if (feature := self.panel.registry.feature_of(key))}
        if not needed:
            return frozenset()
        book = kept_feature_book(self.session, self.me.signed_in.configuration)
        return frozenset(key for key, feature in needed.items() if not any(book.is_on(feature, path) for path in paths))

    def role_set(self, offer: RoleOffer, grants: Sequence[HeldRole] = ()) -> RoleSet | None:
        """Return the roles of somebody who holds these grants, where the form gives several; None where it gives one."""
        return RoleSet(offer, scope("users", "edit"), grants) if self.panel.settings.users.access == "roles" else None

    def fields(self, home: Place | None, *, edited: bool = False) -> Sequence[ProfileField]:
        """Return the profile fields of users at a home that the person asking sees, or fills in; at no home in particular, those of any."""
        book = self.book
        if not book.fields:
            return ()
        if home is None:
            found = [field for field in book.everywhere() if all(self.me.access.anywhere(*level) for level in field.asked)]
        else:
            allowed = edited_by if edited else seen_by
            found = [field for field in book.at(home.path, home.kind) if allowed(self.me.access, field, home.path)]
        return with_countries(found) if edited else found

    def first_fields(self, home: Place | None) -> Sequence[ProfileField]:
        """Return the profile fields that are filled in for somebody new; a picture is given once he is there."""
        return [field for field in self.fields(home, edited=True) if field.type is not FieldType.IMAGE]

    def edits(self, row: Any) -> bool:
        """Return whether the person asking may edit an account."""
        return self.me.access.allows("users", "edit", UnitPath(row.home_path))

    def fills_in(self, row: Any) -> Sequence[ProfileField]:
        """Return the profile fields that the person asking may fill in for somebody."""
        return self.fields(home_of(row), edited=True) if self.edits(row) else ()

    @property
    def book(self) -> FieldBook:
        """The profile fields; one statement, or none where they are known."""
        return kept_field_book(self.session, self.panel.registry, self.me.signed_in.configuration)

    def is_guest(self, home: UnitPath) -> bool:
        """Return whether an account with this home is shown as a guest's: by name, user name, status, and what it holds here."""
        return not self.seen.covers(home)

    def pickers(self) -> tuple[str, ...]:
        """Return the unit kinds that the form has pickers for."""
        return picker_kinds(self.panel.registry, self.panel.settings.users.home_kinds)

    def addresses(self, row: Any = None) -> Addresses:
        """Return where the fields look things up; with the row of whoever is at home in sight, for the form of whom has no field for it."""
        units, roles, states = (self.view.get_url(f".{name}_lookup") for name in ("ajax", "roles", "states"))
        if row is None:
            return Addresses(units=units, roles=roles, states=states)
        pictures = f"{self.view.get_url('.picture_view')}?id={row.id}"
        return Addresses(units=f"{units}?home={row.home_id}", roles=roles, states=states, pictures=pictures)

    def chosen(self, filled: Typed, known: Mapping[int, Place] | None = None) -> Mapping[int, Place]:
        """Return the units that were chosen, by id; those that the person asking can see. Only what is not `known` is asked for."""
        seen = dict(known or {})
        ids = {number(text) for texts in filled.units.values() for text in list(texts)[:MOST_UNITS]} - {0} - seen.keys()
        reach = self.seen
        found = places(self.session, ids) if ids else {}
        return seen | {unit_id: place for unit_id, place in found.items() if reach.covers(place.path)}

    def render(self, sections: Sequence[Section], refusal: Refusal | None, **shown: Any) -> ResponseReturnValue:
        """Return the page of a form; a refusal sets its status and is told, by the field it is about or above the form."""
        problems = problems_of(sections, refusal)
        notice = notice_of(refusal, told=bool(problems or shown.get("conflict")))
        index = self.view.get_url(".index_view")
        usual: dict[str, Any] = {
            "back_url": index,
            "back_label": self.panel.settings.words.users,
            "subject": None,
            "version": "",
            "conflict": None,
            "agreement": None,
            "facts": [],
            "access_url": None,
            "looks": False,
            "fields_url": "",
            "sign_in": (),
            "quick_actions": (),
            "panels": (),
            "actions": (),
            "action_ids": [],
            "here": index,
            "cancel_url": index,
            "action_url": self.view.get_url(".action_view"),
        }
        told = {"sections": sections, "problems": problems, "refusal": notice, "unsaved": refusal is not None or shown.get("agreement") is not None}
        told["uploads"] = any(field.kind == "image" and not field.disabled for section in sections for field in section.fields)
        return self.view.render("users/form.html", **(usual | told | shown)), refusal.status if refusal else 200


def home_of(row: Any) -> Place:
    """Return the home of a user's row."""
    return Place(row.home_id, row.home_name, row.home_kind, UnitPath(row.home_path))
