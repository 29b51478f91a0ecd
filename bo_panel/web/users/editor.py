"""Adding and editing one user through the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage, MultiDict

from bo_panel.domain.errors import Invalid, NotAllowed, NotAtHome, NotFound, OwnAccount, Refusal, Stale, Together, UnknownUnit
from bo_panel.domain.passwords import generated
from bo_panel.domain.units import UnitPath
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.units import Place
from bo_panel.services.engine import SetChange, only
from bo_panel.web.current import actor, scope
from bo_panel.web.translating import gettext
from bo_panel.web.users.access import RoleOffer
from bo_panel.web.users.actions import actions_of, quick_actions
from bo_panel.web.users.desk import Desk, Found, home_of
from bo_panel.web.users.filling import Filling
from bo_panel.web.users.form import UserForm, errors_of
from bo_panel.web.users.in_words import done_in
from bo_panel.web.users.page import Naming, conflict_of, facts_of, subject_of
from bo_panel.web.users.pictures import Pictures, face_of, sent
from bo_panel.web.users.places import as_stored
from bo_panel.web.users.saving import access_changes, account_changes, at_field, creation, placed, toggle_changes
from bo_panel.web.users.typed import ACCOUNT, OTHERS, Typed, main_role, profile_values, typed, with_version

LOOK = "look"
"""The name of the button that asks for the fields of the home that was chosen, and saves nothing."""


@dataclass(frozen=True, slots=True)
class Editor:
    """The form of one user, for one request."""

    desk: Desk

    def blank(self, home: str = "") -> ResponseReturnValue:
        """Return the form for somebody new at a home, with a password made for him; raise where the person asking can add nobody."""
        homes = self.desk.homes()
        if not homes:
            raise NotAllowed(where=gettext("the place where accounts belong"))
        password = generated(self.desk.panel.settings.passwords.generated_length)
        home = str(homes[0].id) if len(homes) == 1 else home if self.desk.home(home, "create") else ""
        return self._new_page(Typed(home=home, password=password, units=dict.fromkeys(self.desk.pickers(), ())), homes)

    def create(self, form: MultiDict[str, str]) -> ResponseReturnValue:
        """Create what was typed; on a refusal return the form with everything still in it."""
        filled = typed(form, self.desk.pickers(), (*ACCOUNT, *OTHERS, LOOK), self.desk.book.fields)
        if form.get(LOOK):  # without scripts: what there is at the home that was chosen
            return self._new_page(filled, self.desk.homes())
        try:
            home = self.desk.home(filled.home, "create")
            if home is None:
                raise UnknownUnit("home") if filled.home else Invalid("home", reason=gettext("Choose where the account belongs."))
            offer, chosen, wrong = self.desk.offer(home), self.desk.chosen(filled), Together()
            held: Mapping[str, frozenset[int]] = {}
            with wrong.noting():
                held = self._placed(filled, offer, chosen)
            made = creation(self.desk.panel, (filled, offer), held, wrong)
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
        offer = self.desk.offer(home_of(row), held.grants)
        return self._page(Filling(row, held, offer, self._stored(Found(row, held), offer)))

    def save(self, found: Found, form: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> ResponseReturnValue:
        """Save what was typed; on a refusal return the form with everything still in it, on a conflict with what changed."""
        row, held = found
        pictures = sent(form, files, self.desk.fills_in(row))
        texts = [field.key for field in self.desk.fills_in(row) if field.name not in pictures.names]
        filled = typed(form, self.desk.pickers(), (*ACCOUNT, *OTHERS, *pictures.names), texts)
        filling = Filling(row, held, self.desk.offer(home_of(row), held.grants), filled, pictures=pictures)
        try:
            if filled.version != row.version:
                raise Stale
            changes = self._changes(filling)
            asked = filling.open_questions if self.desk.panel.settings.users.confirm_access else None
            if asked:
                if pictures.chosen:
                    flash(gettext("Choose the picture again before you agree: no browser keeps a file in a form."), "warning")
                return self._page(replace(filling, asked=asked))
            result = self.desk.panel.engine.run_together(self.desk.session, actor(), changes, only(row.id, filled.version))
        except Stale as stale:
            return self._conflict(row.id, filled, stale, pictures)
        except NotFound:
            raise
        except Refusal as refusal:
            return self._page(replace(filling, refusal=at_field(refusal, filled, row, self.desk.fields(home_of(row)))))
        flash(gettext("%(name)s was saved.", name=_name_after(row, filled)), "success" if pictures.sent else done_in(result.change_set_id))
        return redirect(self.desk.view.get_url(".index_view"), 303)

    def _placed(self, filled: Typed, offer: RoleOffer, chosen: Mapping[int, Place]) -> Mapping[str, frozenset[int]]:
        role_set = self.desk.role_set(offer)
        return role_set.placed(filled, chosen) if role_set else placed(filled, offer, chosen)

    def _changes(self, filling: Filling) -> list[SetChange]:
        row, held, offer, filled = filling.row, filling.held.grants, filling.offer, filling.typed
        changes = filling.pictures.changes()
        if self._edits_account(row):
            changes += account_changes(filled, row, self.desk.fields(home_of(row)))
        elif filled.values or filled.home or filled.password:
            raise NotAtHome
        touches_access = bool(filled.every_role or any(filled.units.values()) or filled.toggles)
        if self._edits_access(row, held, offer):
            if touches_access or main_role(held, row.home_id):
                chosen, role_set = self.desk.chosen(filled, filling.held.places), self.desk.role_set(offer, held)
                changes += role_set.changes(filled, chosen) if role_set else access_changes(filled, (row, held), offer, chosen)
            return changes + toggle_changes(filled, (row, held), offer)
        if touches_access:
            raise OwnAccount("role") if row.id == self.desk.me.id else NotAllowed("role", where=held[0].unit_name if held else gettext("this place"))
        return changes

    def _conflict(self, user_id: int, filled: Typed, stale: Stale, pictures: Pictures) -> ResponseReturnValue:
        desk, (row, held) = self.desk, self.desk.find(str(user_id))
        offer = desk.offer(home_of(row), held.grants)
        theirs = self._stored(Found(row, held), offer)
        possible = [kind for role in filled.every_role for kind in offer.kinds(role)]
        kinds = {kind: desk.panel.registry.kinds[kind].plural for kind in possible}  # the others could not be chosen
        naming = Naming(offer.roles, kinds, desk.chosen(filled, held.places), desk.fields(home_of(row)))
        conflict = conflict_of(desk.session, desk.panel, row, (theirs, filled), naming)
        return self._page(Filling(row, held, offer, with_version(filled, row.version), stale, conflict, pictures=pictures))

    def _edits_account(self, row: Any) -> bool:
        return self.desk.edits(row)

    def _stored(self, found: Found, offer: RoleOffer) -> Typed:
        row, held = found
        role_set = self.desk.role_set(offer, held.grants)
        return role_set.stored(row) if role_set else as_stored(row, held.grants, offer)

    def _edits_access(self, row: Any, held: Sequence[HeldRole], offer: RoleOffer) -> bool:
        role_set = self.desk.role_set(offer, held)
        if role_set:
            return row.id != self.desk.me.id and role_set.editable
        role = main_role(held, row.home_id)
        mine = [grant for grant in held if grant.role_key == role]
        reach = scope("users", "edit")
        return row.id != self.desk.me.id and offer.may_take(mine) and all(reach.covers(grant.unit_path) for grant in mine)

    def _new_page(self, filled: Typed, homes: Sequence[Place], refusal: Refusal | None = None) -> ResponseReturnValue:
        desk, home = self.desk, self.desk.home(filled.home, "create")
        offer = desk.offer(home) if home else None
        form = UserForm(
            settings=desk.panel.settings,
            registry=desk.panel.registry,
            typed=filled,
            addresses=desk.addresses(),
            offer=offer,
            role_set=desk.role_set(offer) if offer else None,
            homes=[*homes, home] if home and home not in homes else homes,
            chosen=desk.chosen(filled),
            errors=errors_of(refusal),
            profile=desk.first_fields(home),
            filled_in=desk.first_fields(home),
        )
        words = desk.panel.settings.words
        address = desk.view.get_url(".create_view")
        more = {"form_url": address, "submit_label": words.save, "looks": len(homes) > 1, "fields_url": address if desk.book.fields else ""}
        return desk.render(form.sections(), refusal, title=words.new_user or words.add_user, **more)

    def _page(self, filling: Filling) -> ResponseReturnValue:
        row, held, offer = filling.row, filling.held, filling.offer
        desk, settings, now = self.desk, self.desk.panel.settings, self.desk.panel.clock.now()
        actions, guest = actions_of(), desk.is_guest(UnitPath(row.home_path))
        subject = replace(subject_of(row, settings.words, now, guest=guest), picture="" if guest else face_of(desk, row))
        address = f"{desk.view.get_url('.edit_view')}?id={row.id}"
        return desk.render(
            self._form(filling, guest=guest).sections(),
            filling.refusal,
            title=subject.name,
            form_url=address,
            submit_label=settings.words.yes_access if filling.asked else settings.words.update,
            agreement=filling.asked,
            subject=subject,
            version=str(filling.typed.version),
            conflict=filling.conflict,
            facts=facts_of(row, held, offer.roles, guest=guest),
            access_url=None if guest else f"{desk.view.get_url('access.index_view')}?id={row.id}",
            sign_in=filling.sign_in(desk),
            quick_actions=quick_actions(desk.me, row, held.grants, actions) if offer.may_take(held.grants) else (),
            panels=() if guest else filling.panels(),
            actions=actions,
            action_ids=[str(row.id)],
        )

    def _form(self, filling: Filling, *, guest: bool) -> UserForm:
        desk, row, held, offer = self.desk, filling.row, filling.held.grants, filling.offer
        role, role_set = main_role(held, row.home_id), desk.role_set(offer, held)
        label, stored = offer.roles.label(role) if role else "", profile_values(row)
        return UserForm(
            settings=desk.panel.settings,
            registry=desk.panel.registry,
            typed=replace(filling.typed, profile={**stored, **filling.typed.profile}) if stored else filling.typed,
            addresses=desk.addresses(None if guest else row),
            offer=offer,
            chosen=desk.chosen(filling.typed, filling.held.places),
            errors=filling.pictures.again(filling.refusal) | errors_of(filling.refusal),
            emptied=filling.pictures.emptied,
            profile=() if guest else desk.fields(home_of(row)),
            filled_in=self.desk.fills_in(row),
            subject=row,
            guest=guest,
            edits_account=self._edits_account(row),
            edits_access=self._edits_access(row, held, offer),
            role_set=role_set,
            role_label=role_set.shown() if role_set else label,
        )


def _name_after(row: Any, filled: Typed) -> str:
    """Return what somebody is called now that this was saved."""
    first, last, user_name = (filled.values.get(name, getattr(row, name)) for name in ("first_name", "last_name", "user_name"))
    return f"{first} {last}".strip() or str(user_name)
