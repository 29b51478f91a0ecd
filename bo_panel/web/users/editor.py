"""Adding and editing one user through the form."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from bo_panel.domain.errors import Invalid, NotAllowed, NotAtHome, NotFound, OwnAccount, Refusal, Stale, UnknownUnit
from bo_panel.domain.passwords import generated
from bo_panel.domain.units import UnitPath
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.held import Holdings
from bo_panel.queries.units import Place
from bo_panel.services.engine import SetChange, only
from bo_panel.web.current import actor, scope
from bo_panel.web.translating import gettext
from bo_panel.web.users.access import RoleOffer
from bo_panel.web.users.actions import actions_of, quick_actions
from bo_panel.web.users.desk import Desk, Found, home_of
from bo_panel.web.users.form import UserForm, errors_of
from bo_panel.web.users.in_words import done_in
from bo_panel.web.users.page import Conflict, Naming, conflict_of, facts_of, subject_of
from bo_panel.web.users.places import as_stored
from bo_panel.web.users.rows import full_name
from bo_panel.web.users.saving import access_changes, account_changes, creation
from bo_panel.web.users.typed import Typed, main_role, typed, with_version


@dataclass(frozen=True, slots=True)
class Filling:
    """The form of somebody who exists: his row, what he holds, what stands in it, and what was said against it."""

    row: Any
    held: Holdings
    offer: RoleOffer
    typed: Typed
    refusal: Refusal | None = None
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class Editor:
    """The form of one user, for one request."""

    desk: Desk

    def blank(self) -> ResponseReturnValue:
        """Return the form for somebody new, with a password made for him; raise where the person asking can add nobody."""
        if not self.desk.homes():
            raise NotAllowed(where=gettext("the place where accounts belong"))
        password = generated(self.desk.panel.settings.passwords.generated_length)
        homes = self.desk.homes()
        home = str(homes[0].id) if len(homes) == 1 else ""
        return self._new_page(Typed(home=home, password=password, units=dict.fromkeys(self.desk.pickers(), ())), homes)

    def create(self, form: MultiDict[str, str]) -> ResponseReturnValue:
        """Create what was typed; on a refusal return the form with everything still in it."""
        filled = typed(form, self.desk.pickers())
        try:
            home = self.desk.home(filled.home, "create")
            if home is None:
                raise UnknownUnit("home") if filled.home else Invalid("home", reason=gettext("Choose where the account belongs."))
            made = creation(self.desk.panel, filled, self.desk.offer(home), self.desk.chosen(filled))
            self.desk.panel.engine.run_single(self.desk.session, actor(), made.change)
        except Refusal as refusal:
            return self._new_page(filled, self.desk.homes(), refusal)
        flash(gettext("%(name)s was added.", name=filled.values.get("user_name", "")), "success")
        if made.shown_once:
            return self.desk.view.render("users/password.html", name=filled.values.get("user_name", ""), password=made.shown_once)
        return redirect(self.desk.view.get_url(".index_view"), 303)

    def show(self, found: Found) -> ResponseReturnValue:
        """Return the form of a user as he is."""
        row, held = found
        offer = self.desk.offer(home_of(row))
        return self._page(Filling(row, held, offer, as_stored(row, held.grants, offer)))

    def save(self, found: Found, form: MultiDict[str, str]) -> ResponseReturnValue:
        """Save what was typed; on a refusal return the form with everything still in it, on a conflict with what changed."""
        row, held = found
        filling = Filling(row, held, self.desk.offer(home_of(row)), typed(form, self.desk.pickers()))
        filled = filling.typed
        try:
            if filled.version != row.version:
                raise Stale
            changes = self._changes(filling)
            result = self.desk.panel.engine.run_together(self.desk.session, actor(), changes, only(row.id, filled.version))
        except Stale as stale:
            return self._conflict(row.id, filled, stale)
        except NotFound:
            raise
        except Refusal as refusal:
            return self._page(replace(filling, refusal=refusal))
        flash(gettext("%(name)s was saved.", name=_name_after(row, filled)), done_in(result.change_set_id))
        return redirect(self.desk.view.get_url(".index_view"), 303)

    def _changes(self, filling: Filling) -> list[SetChange]:
        changes: list[SetChange] = []
        row, held, offer, filled = filling.row, filling.held.grants, filling.offer, filling.typed
        if self._edits_account(row):
            changes += account_changes(filled, row)
        elif filled.values or filled.home or filled.password:
            raise NotAtHome
        touches_access = bool(filled.role or any(filled.units.values()))
        if self._edits_access(row, held, offer):
            if touches_access or main_role(held, row.home_id):
                changes += access_changes(filled, (row, held), offer, self.desk.chosen(filled, filling.held.places))
            return changes
        if touches_access:
            raise OwnAccount("role") if row.id == self.desk.me.id else NotAllowed("role", where=held[0].unit_name if held else gettext("this place"))
        return changes

    def _conflict(self, user_id: int, filled: Typed, stale: Stale) -> ResponseReturnValue:
        desk, (row, held) = self.desk, self.desk.find(str(user_id))
        offer = desk.offer(home_of(row))
        theirs = as_stored(row, held.grants, offer)
        kinds = {kind: desk.panel.registry.kinds[kind].plural for kind in offer.kinds(filled.role)}  # the others could not be chosen
        naming = Naming(offer.roles, kinds, desk.chosen(filled, held.places))
        conflict = conflict_of(desk.session, desk.panel, row, (theirs, filled), naming)
        return self._page(Filling(row, held, offer, with_version(filled, row.version), stale, conflict))

    def _edits_account(self, row: Any) -> bool:
        return self.desk.me.access.allows("users", "edit", UnitPath(row.home_path))

    def _edits_access(self, row: Any, held: Sequence[HeldRole], offer: RoleOffer) -> bool:
        role = main_role(held, row.home_id)
        mine = [grant for grant in held if grant.role_key == role]
        reach = scope("users", "edit")
        return row.id != self.desk.me.id and offer.may_take(mine) and all(reach.covers(grant.unit_path) for grant in mine)

    def _new_page(self, filled: Typed, homes: Sequence[Place], refusal: Refusal | None = None) -> ResponseReturnValue:
        desk, home = self.desk, self.desk.home(filled.home, "create")
        form = UserForm(
            settings=desk.panel.settings,
            registry=desk.panel.registry,
            typed=filled,
            addresses=desk.addresses(),
            offer=desk.offer(home) if home else None,
            homes=[*homes, home] if home and home not in homes else homes,
            chosen=desk.chosen(filled),
            errors=errors_of(refusal),
        )
        words = desk.panel.settings.words
        address = desk.view.get_url(".create_view")
        return desk.render(form.sections(), refusal, title=words.add_user, form_url=address, submit_label=words.save)

    def _page(self, filling: Filling) -> ResponseReturnValue:
        row, held, offer = filling.row, filling.held, filling.offer
        desk, settings, now = self.desk, self.desk.panel.settings, self.desk.panel.clock.now()
        actions, guest = actions_of(settings.users, settings.words, ""), desk.is_guest(UnitPath(row.home_path))
        address = f"{desk.view.get_url('.edit_view')}?id={row.id}"
        return desk.render(
            self._form(filling, guest=guest).sections(),
            filling.refusal,
            title=full_name(row),
            form_url=address,
            submit_label=settings.words.update,
            subject=subject_of(row, settings.words, now, guest=guest),
            version=str(filling.typed.version),
            conflict=filling.conflict,
            facts=facts_of(row, held, offer.roles, guest=guest),
            access_url=None if guest else f"{desk.view.get_url('access.index_view')}?id={row.id}",
            quick_actions=quick_actions(desk.me, row, actions) if offer.may_take(held.grants) else (),
            actions=actions,
            action_ids=[str(row.id)],
        )

    def _form(self, filling: Filling, *, guest: bool) -> UserForm:
        desk, row, held, offer = self.desk, filling.row, filling.held.grants, filling.offer
        role = main_role(held, row.home_id)
        return UserForm(
            settings=desk.panel.settings,
            registry=desk.panel.registry,
            typed=filling.typed,
            addresses=desk.addresses("" if guest else str(row.home_id)),
            offer=offer,
            chosen=desk.chosen(filling.typed, filling.held.places),
            errors=errors_of(filling.refusal),
            subject=row,
            guest=guest,
            edits_account=self._edits_account(row),
            edits_access=self._edits_access(row, held, offer),
            role_label=offer.roles.label(role) if role else "",
        )


def _name_after(row: Any, filled: Typed) -> str:
    """Return what somebody is called now that this was saved."""
    first, last, user_name = (filled.values.get(name, getattr(row, name)) for name in ("first_name", "last_name", "user_name"))
    return f"{first} {last}".strip() or str(user_name)
