"""Editing several users at once: the fields that they can share, each left unchanged until it is touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from bo_panel.domain.errors import NotFound, Refusal, UnknownRole
from bo_panel.domain.profile_fields import FieldType, ProfileField
from bo_panel.queries.grants import roles_held
from bo_panel.queries.users import users_named
from bo_panel.services.changes import EditUsers
from bo_panel.services.engine import Ids, SetChange
from bo_panel.web.current import actor, scope
from bo_panel.web.fields import Field, Section
from bo_panel.web.translating import gettext
from bo_panel.web.users.access import RoleOffer
from bo_panel.web.users.agreeing import Agreement
from bo_panel.web.users.desk import Desk, home_of
from bo_panel.web.users.form import UserForm, errors_of
from bo_panel.web.users.in_words import done_in
from bo_panel.web.users.rows import full_name
from bo_panel.web.users.several_access import SharedAccess
from bo_panel.web.users.typed import SWITCH, Typed, number, typed

SHARED = ("phone",)
NAMES = (*SHARED, "csrf_token", "ids", "role", "roles", "version", "confirmed")


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
    def homes(self) -> Sequence[Any]:
        """A row for each of their homes."""
        return list({row.home_id: row for row in self.people}.values())

    @cached_property
    def offer(self) -> RoleOffer | None:
        """The roles on offer, or None for users of different homes, whose roles differ."""
        return self.desk.offer(home_of(self.homes[0])) if len(self.homes) == 1 else None

    @cached_property
    def profile(self) -> Sequence[ProfileField]:
        """The profile fields that all of them have and the person asking fills in, those left out that tell users apart."""
        first, *others = [self.desk.fills_in(row) for row in self.homes]
        shared = [field for field in first if all(field in other for other in others)]
        return [field for field in shared if not field.unique and field.type is not FieldType.IMAGE]

    @cached_property
    def access(self) -> SharedAccess | None:
        """Their access, where they are at home at one place; one statement."""
        if self.offer is None:
            return None
        grants = roles_held(self.desk.session, scope("users"), sorted(self.selection.ids), self.desk.panel.clock.now())
        return SharedAccess(self.desk, self.offer, [(row, grants.get(row.id, ())) for row in self.people])

    def blank(self) -> ResponseReturnValue:
        """Return the form with everything left unchanged."""
        return self._page(Typed(units=dict.fromkeys(self.desk.pickers(), ())))

    def save(self, form: MultiDict[str, str]) -> ResponseReturnValue:
        """Save what was touched; on a refusal nobody is changed and everything typed is still in the form."""
        switches = [SWITCH + key for key, may in (self.offer.toggles if self.offer else {}).items() if may]
        filled = typed(form, self.desk.pickers(), (*NAMES, *switches), [field.key for field in self.profile])
        engine = self.desk.panel.engine
        try:
            changes = self._changes(filled)
            if self.access and (asked := self.access.asked(filled)):
                return self._page(filled, asked=asked)
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
        values = {name: value for name, value in filled.values.items() if name in SHARED and value.strip()}
        profile = self._profile(filled)
        changes: list[SetChange] = [EditUsers(values=values, profile=profile)] if values or profile else []
        if not filled.every_role and not filled.switches:
            return changes
        if self.access is None:
            raise UnknownRole("role")
        return [*changes, *self.access.changes(filled)]

    def _profile(self, filled: Typed) -> dict[str, str]:
        """Return what was touched of the profile; a field goes with the one that it depends on."""
        touched = {key for key, value in filled.profile.items() if value.strip()}
        for field in self.profile:
            if field.depends_on and {field.key, field.depends_on} & touched:
                touched |= {field.key, field.depends_on} & filled.profile.keys()
        return {key: filled.profile[key] for key in sorted(touched)}

    def _page(self, filled: Typed, refusal: Refusal | None = None, asked: Agreement | None = None) -> ResponseReturnValue:
        words = self.desk.panel.settings.words
        title = gettext("Edit %(count)s %(users)s", count=len(self.people), users=words.users)
        return self.desk.render(
            self._sections(filled, refusal),
            refusal,
            title=title,
            form_url=self.desk.view.get_url(".several_view"),
            submit_label=words.yes_access if asked else words.update,
            agreement=asked,
        )

    def _sections(self, filled: Typed, refusal: Refusal | None) -> list[Section]:
        form = UserForm(
            settings=self.desk.panel.settings,
            registry=self.desk.panel.registry,
            typed=filled,
            addresses=self.desk.addresses(self.people[0]),
            offer=self.offer,
            role_set=self.desk.role_set(self.offer) if self.offer else None,
            profile=self.profile,
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
