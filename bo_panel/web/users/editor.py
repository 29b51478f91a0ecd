"""Adding and editing one user through the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from bo_panel.bootstrap import Panel
from bo_panel.domain.errors import NotFound, Refusal, Stale
from bo_panel.domain.passwords import generated
from bo_panel.domain.units import UnitPath
from bo_panel.queries.roles import roles_at
from bo_panel.queries.units import Place, place, places, units_below
from bo_panel.queries.users import HeldRole, one_user, roles_held
from bo_panel.queries.visible import Scope
from bo_panel.services.engine import SetChange, only
from bo_panel.web.current import Me, actor, scope
from bo_panel.web.fields import RefusalNotice, problems_of
from bo_panel.web.users.access import RoleOffer, picker_kinds
from bo_panel.web.users.form import Addresses, UserForm, errors_of
from bo_panel.web.users.page import conflict_of, facts_of, subject_of
from bo_panel.web.users.actions import actions_of, quick_actions
from bo_panel.web.users.rows import full_name
from bo_panel.web.users.saving import access_changes, account_changes, creation
from bo_panel.web.users.typed import Typed, as_stored, main_role, number, typed, with_version

MANY = 51


@dataclass(frozen=True, slots=True)
class Editor:
    """The form of one user, for one request."""

    view: Any
    panel: Panel
    me: Me
    session: Session

    def blank(self) -> ResponseReturnValue:
        """Return the form for somebody new, with a password made for him."""
        password = generated(self.panel.settings.passwords.generated_length)
        homes = self._homes()
        home = str(homes[0].id) if len(homes) == 1 else ""
        return self._new_page(Typed(home=home, password=password, units=dict.fromkeys(self._pickers(), ())), homes)

    def create(self, form: MultiDict[str, str]) -> ResponseReturnValue:
        """Create what was typed; on a refusal return the form with everything still in it."""
        filled = typed(form, self._pickers())
        homes = self._homes()
        try:
            home = self.home(filled.home, "create")
            made = creation(self.panel, filled, self.offer(home) if home else None)
            self.panel.engine.run_single(self.session, actor(), made.change)
        except Refusal as refusal:
            return self._new_page(filled, homes, refusal)
        flash(gettext("%(name)s was added.", name=filled.values.get("user_name", "")), "success")
        if made.shown_once:
            flash(gettext("The password is %(password)s. It is shown only now; hand it over.", password=made.shown_once), "warning")
        return redirect(self.view.get_url(".index_view"), 303)

    def find(self, text: str) -> Any:
        """Return the row of the user that an address names; raise NotFound for anybody else's and for no id at all."""
        row = one_user(self.session, scope("users"), number(text), self.panel.clock.now()) if number(text) else None
        if row is None:
            raise NotFound
        return row

    def show(self, row: Any) -> ResponseReturnValue:
        """Return the form of a user as he is."""
        held = self._held(row)
        return self._page(row, held, as_stored(row, held))

    def save(self, row: Any, form: MultiDict[str, str]) -> ResponseReturnValue:
        """Save what was typed; on a refusal return the form with everything still in it, on a conflict with what changed."""
        filled, held = typed(form, self._pickers()), self._held(row)
        try:
            self.panel.engine.run_together(self.session, actor(), self._changes(row, held, filled), only(row.id))
        except Stale as stale:
            return self._conflict(row.id, filled, stale)
        except NotFound:
            raise
        except Refusal as refusal:
            return self._page(row, held, filled, refusal)
        flash(gettext("%(name)s was saved.", name=full_name(row)), "success")
        return redirect(self.view.get_url(".index_view"), 303)

    def home(self, text: str, level: str = "view") -> Place | None:
        """Return the home that a form names, if the person asking may see it and add people there."""
        found = place(self.session, number(text)) if number(text) else None
        return found if found and scope("users", level).covers(found.path) else None

    def offer(self, home: Place) -> RoleOffer:
        """Return the roles on offer for an account at a home; one statement."""
        roles = roles_at(self.session, self.panel.registry, home.path)
        return RoleOffer(roles, self.me.access, home, self._pickers())

    def _changes(self, row: Any, held: Sequence[HeldRole], filled: Typed) -> list[SetChange]:
        changes: list[SetChange] = account_changes(filled, row) if self._edits_account(row) else []
        offer = self.offer(_home_of(row))
        if self._edits_access(row, held, offer) and (filled.role or main_role(held)):
            changes += access_changes(filled, row, held, offer)
        return changes

    def _conflict(self, user_id: int, filled: Typed, stale: Stale) -> ResponseReturnValue:
        row = self.find(str(user_id))
        held = self._held(row)
        return self._page(row, held, with_version(filled, row.version), stale, conflict_of(self.session, self.panel, row, filled))

    def _held(self, row: Any) -> Sequence[HeldRole]:
        return roles_held(self.session, scope("users"), [row.id], self.panel.clock.now()).get(row.id, ())

    def _pickers(self) -> tuple[str, ...]:
        return picker_kinds(self.panel.registry, self.panel.settings.users.home_kinds)

    def _homes(self) -> Sequence[Place]:
        kinds = self.panel.settings.users.home_kinds or tuple(self.panel.registry.kinds)
        return units_below(self.session, scope("users", "create"), kinds, limit=MANY)

    def _edits_account(self, row: Any) -> bool:
        return self.me.access.allows("users", "edit", UnitPath(row.home_path))

    def _edits_access(self, row: Any, held: Sequence[HeldRole], offer: RoleOffer) -> bool:
        mine = [grant for grant in held if grant.role_key == main_role(held)]
        reach = Scope(self.me.access.reach("users", "edit"))
        return row.id != self.me.id and offer.may_take(mine) and all(reach.covers(grant.unit_path) for grant in mine)

    def _addresses(self) -> Addresses:
        return Addresses(units=self.view.get_url(".ajax_lookup"), roles=self.view.get_url(".roles_lookup"))

    def _chosen(self, filled: Typed) -> Mapping[int, Place]:
        ids = {number(text) for texts in filled.units.values() for text in list(texts)[:MANY * 20]} - {0}
        reach = scope("users")
        found = places(self.session, ids) if ids else {}
        return {unit_id: place for unit_id, place in found.items() if reach.covers(place.path)}

    def _new_page(self, filled: Typed, homes: Sequence[Place], refusal: Refusal | None = None) -> ResponseReturnValue:
        home = self.home(filled.home, "create")
        form = UserForm(
            settings=self.panel.settings,
            registry=self.panel.registry,
            typed=filled,
            addresses=self._addresses(),
            offer=self.offer(home) if home else None,
            homes=[*homes, home] if home and home not in homes else homes,
            chosen=self._chosen(filled),
            errors=errors_of(refusal) if refusal else {},
        )
        words = self.panel.settings.words
        address = self.view.get_url(".create_view")
        return self._render(form, refusal, title=words.add_user, form_url=address, submit_label=words.save)

    def _page(self, row: Any, held: Sequence[HeldRole], filled: Typed, refusal: Refusal | None = None, conflict: Any = None) -> ResponseReturnValue:
        offer = self.offer(_home_of(row))
        form = UserForm(
            settings=self.panel.settings,
            registry=self.panel.registry,
            typed=filled,
            addresses=self._addresses(),
            offer=offer,
            chosen=self._chosen(filled),
            errors=errors_of(refusal) if refusal else {},
            subject=row,
            edits_account=self._edits_account(row),
            edits_access=self._edits_access(row, held, offer),
            role_label=offer.roles.label(main_role(held)) if main_role(held) else "",
        )
        words, users = self.panel.settings.words, self.panel.settings.users
        actions = actions_of(users, words, "")
        address = f"{self.view.get_url('.edit_view')}?id={row.id}"
        return self._render(
            form,
            refusal if conflict is None else None,
            status=refusal.status if refusal else 200,
            title=full_name(row),
            form_url=address,
            submit_label=words.update,
            subject=subject_of(row, words, self.panel.clock.now()),
            version=str(filled.version),
            conflict=conflict,
            facts=facts_of(row, held, offer.roles, self.panel.clock.now()),
            quick_actions=quick_actions(self.me, row, actions),
            actions=actions,
            action_ids=[str(row.id)],
            here=address,
        )

    def _render(self, form: UserForm, refusal: Refusal | None, *, status: int = 0, **shown: Any) -> ResponseReturnValue:
        sections = form.sections()
        problems = problems_of(sections)
        notice = RefusalNotice(refusal.code, str(refusal)) if refusal and not problems else None
        index = self.view.get_url(".index_view")
        usual: dict[str, Any] = {
            "back_url": index,
            "back_label": self.panel.settings.words.users,
            "subject": None,
            "version": "",
            "conflict": None,
            "facts": [],
            "quick_actions": [],
            "actions": [],
            "action_ids": [],
            "here": index,
            "cancel_url": index,
            "action_url": self.view.get_url(".action_view"),
        }
        told = {"sections": sections, "problems": problems, "refusal": notice, "unsaved": bool(refusal)}
        return self.view.render("users/form.html", **(usual | told | shown)), status or (refusal.status if refusal else 200)


def _home_of(row: Any) -> Place:
    return Place(row.home_id, row.home_name, row.home_kind, UnitPath(row.home_path))
