"""Editing several users at once: the fields that they can share, each left unchanged until it is touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from bo_panel.domain.access import MEMBER
from bo_panel.domain.errors import NotFound, Refusal, UnknownRole
from bo_panel.queries.grants import HeldRole, roles_held
from bo_panel.queries.users import users_named
from bo_panel.services.changes import EditUsers, GiveRole, TakeRole
from bo_panel.services.engine import Ids, SetChange
from bo_panel.web.current import actor, scope
from bo_panel.web.fields import Field, Section
from bo_panel.web.translating import gettext
from bo_panel.web.users.access import RoleOffer
from bo_panel.web.users.desk import Desk, home_of
from bo_panel.web.users.form import UserForm, errors_of
from bo_panel.web.users.in_words import done_in
from bo_panel.web.users.places import check_beneath, unit_ids
from bo_panel.web.users.rows import full_name
from bo_panel.web.users.typed import Typed, number, typed

SHARED = ("phone",)
NAMES = (*SHARED, "csrf_token", "ids", "role", "version")


@dataclass(frozen=True)
class SeveralEditor:
    """The form for several users, for one request; every one of them must be visible."""

    desk: Desk
    texts: Sequence[str]
    versions: int | None = None
    """The sum of the users' versions when the form was filled."""

    @cached_property
    def selection(self) -> Ids:
        """The users that were named; raises when there are none or too many."""
        ids = {number(text) for text in self.texts}
        if 0 in ids:
            raise NotFound
        return Ids.of(ids, self.desk.panel.settings.engine.selection_limit, self.versions)

    @cached_property
    def people(self) -> Sequence[Any]:
        """The rows of the users; raises NotFound unless all of them are visible."""
        found = users_named(self.desk.session, scope("users"), sorted(self.selection.ids), self.desk.panel.clock.now())
        if len(found) != len(self.selection.ids):
            raise NotFound
        return found

    @cached_property
    def offer(self) -> RoleOffer | None:
        """The roles on offer, or None for users of different homes, whose roles differ."""
        homes = {row.home_id: home_of(row) for row in self.people}
        return self.desk.offer(next(iter(homes.values()))) if len(homes) == 1 else None

    def blank(self) -> ResponseReturnValue:
        """Return the form with everything left unchanged."""
        return self._page(Typed(units=dict.fromkeys(self.desk.pickers(), ())))

    def save(self, form: MultiDict[str, str]) -> ResponseReturnValue:
        """Save what was touched; on a refusal nobody is changed and everything typed is still in the form."""
        filled = typed(form, self.desk.pickers(), NAMES)
        engine = self.desk.panel.engine
        try:
            changes = self._changes(filled)
            result = engine.run_together(self.desk.session, actor(), changes, self.selection) if changes else None
        except NotFound:
            raise
        except Refusal as refusal:
            return self._page(filled, refusal)
        count = result.changed if result else 0
        category = done_in(result.change_set_id) if result and count else "info"
        flash(ngettext("%(num)s user was changed.", "%(num)s users were changed.", count), category)
        return redirect(self.desk.view.get_url(".index_view"), 303)

    def _changes(self, filled: Typed) -> list[SetChange]:
        touched = {name: value for name, value in filled.values.items() if name in SHARED and value.strip()}
        changes: list[SetChange] = [EditUsers(values=touched)] if touched else []
        return [*changes, *self._access_changes(filled)] if filled.role else changes

    def _access_changes(self, filled: Typed) -> list[SetChange]:
        offer = self.offer
        if offer is None or filled.role not in {choice.value for choice in offer.choices}:
            raise UnknownRole("role")
        chosen = self.desk.chosen(filled)
        units = unit_ids(filled, offer, chosen)
        check_beneath(units, offer, chosen)
        return [GiveRole(role=filled.role, unit_ids=units), *self._taken(filled.role, units)]

    def _taken(self, role: str, units: frozenset[int]) -> list[SetChange]:
        """Return what takes the roles that they hold now, each at all the units where any of them holds it."""
        now = self.desk.panel.clock.now()
        held: list[HeldRole] = [
            grant for grants in roles_held(self.desk.session, scope("users"), sorted(self.selection.ids), now).values() for grant in grants
        ]
        keys = dict.fromkeys(grant.role_key for grant in held if grant.role_key != MEMBER)
        before = {key: frozenset(grant.unit_id for grant in held if grant.role_key == key) - (units if key == role else frozenset()) for key in keys}
        return [TakeRole(role=key, unit_ids=ids) for key, ids in before.items() if ids]

    def _page(self, filled: Typed, refusal: Refusal | None = None) -> ResponseReturnValue:
        words = self.desk.panel.settings.words
        title = gettext("Edit %(count)s %(users)s", count=len(self.people), users=words.users)
        return self.desk.render(
            self._sections(filled, refusal),
            refusal,
            title=title,
            form_url=self.desk.view.get_url(".several_view"),
            submit_label=words.update,
        )

    def _sections(self, filled: Typed, refusal: Refusal | None) -> list[Section]:
        form = UserForm(
            settings=self.desk.panel.settings,
            registry=self.desk.panel.registry,
            typed=filled,
            addresses=self.desk.addresses(str(self.people[0].home_id)),
            offer=self.offer,
            chosen=self.desk.chosen(filled),
            errors=errors_of(refusal),
            edits_access=self.offer is not None,
            role_label=gettext("They belong to different homes, so their roles are changed one home at a time."),
            unchanged=gettext("Leave unchanged"),
        )
        names = [full_name(row) for row in self.people]
        shown = ", ".join(names[:8]) + (gettext(" and %(count)s more", count=len(names) - 8) if len(names) > 8 else "")
        whom = [Field(name="whom", label=self.desk.panel.settings.words.users, kind="static", value=shown)]
        versions = sum(row.version for row in self.people)
        whom.append(Field(name="version", label="", kind="hidden", value=str(versions)))
        whom += [Field(name="ids", label="", kind="hidden", value=str(user_id)) for user_id in sorted(self.selection.ids)]
        return [Section("whom", gettext("Whom"), gettext("What you leave empty stays as it is for each of them."), whom), *form.shared(SHARED)]
