"""Manage Account: the name of a unit and what is set for all of it, by whoever may change the unit."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from bo_panel.domain.errors import NotAllowed, NotFound, Refusal, StaleUnit
from bo_panel.domain.identifiers import NAME_LIMIT
from bo_panel.domain.profile_fields import ProfileField, lines_of
from bo_panel.queries.audit import latest_of_unit
from bo_panel.queries.unit_settings import SetOfUnit, set_of
from bo_panel.queries.units import places
from bo_panel.services.changes import EditUnitSettings, RenameUnit
from bo_panel.services.engine import SingleChange
from bo_panel.web.current import actor, panel, scope, session
from bo_panel.web.fields import Field, Section, notice_of, problems_of
from bo_panel.web.moments import said
from bo_panel.web.translating import gettext
from bo_panel.web.units.desk import UnitDesk
from bo_panel.web.users.form import errors_of
from bo_panel.web.users.page import Conflict, Difference
from bo_panel.web.users.profile import ProfilePart, shown
from bo_panel.web.users.typed import LONGEST, Typed, typed

NAMES = ("csrf_token", "version", "name")
MANY = 50


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form."""

    name: str
    typed: Typed = field(default_factory=Typed)


@dataclass(frozen=True)
class SettingsEditor:
    """The form of what is set of one unit, for one request."""

    desk: UnitDesk

    @cached_property
    def fields(self) -> Sequence[ProfileField]:
        """The settings that units of this kind have; raise NotFound where there are none, NotAllowed where they are not one's own to change."""
        found = [setting.field for setting in self.desk.panel.registry.settings_at(self.desk.place.kind)]
        if not found:
            raise NotFound
        if not self.desk.allows("edit"):
            raise NotAllowed(where=self.desk.place.name)
        return found

    def show(self) -> ResponseReturnValue:
        """Return the form as the unit is set."""
        return self._page(self._stored())

    def save(self, form: MultiDict[str, str]) -> ResponseReturnValue:
        """Save what was typed and return to the form; on a refusal the form with everything still in it, on a conflict with what changed."""
        filled = Filled(form.get("name", "").replace("\x00", "")[:LONGEST], typed(form, (), NAMES, [field.key for field in self.fields]))
        try:
            result = self.desk.panel.engine.run_single(self.desk.session, actor(), *self._changes(filled))
        except NotFound:
            raise
        except StaleUnit as stale:
            theirs = self._stored()
            again = replace(filled, typed=replace(filled.typed, version=theirs.typed.version))
            title = gettext("Someone else saved this account while you were editing")
            return self._page(again, stale, Conflict(stale.code, self._by(), self._differences(theirs, filled), title))
        except Refusal as refusal:
            return self._page(filled, refusal)
        name = filled.name.strip()
        done = gettext("%(name)s was saved.", name=name) if result.subject_id else gettext("Nothing changed at %(name)s.", name=name)
        flash(done, "success" if result.subject_id else "info")
        return redirect(self._url, 303)

    @property
    def _url(self) -> str:
        return f"{self.desk.view.get_url('.settings_view')}?id={self.desk.place.id}"

    def _changes(self, filled: Filled) -> Sequence[SingleChange]:
        unit_id = self.desk.place.id
        edit = EditUnitSettings(unit_id=unit_id, settings=filled.typed.profile, expected_version=filled.typed.version)
        return [edit] if filled.name.strip() == self.desk.place.name else [edit, RenameUnit(unit_id=unit_id, name=filled.name)]

    def _stored(self) -> Filled:
        found: SetOfUnit | None = set_of(self.desk.session, self.desk.place.id)
        if found is None:
            raise NotFound
        values = {field.key: lines_of(found.settings.get(field.key, "")) for field in self.fields}
        return Filled(found.name, Typed(profile=values, version=found.version))

    def _by(self) -> str:
        latest = latest_of_unit(self.desk.session, self.desk.place.id)
        if latest is None:
            return ""
        when = said(latest.at, self.desk.panel.clock.now()).text.lower()
        return gettext("%(who)s saved it %(when)s.", who=latest.actor_name, when=when)

    def _differences(self, theirs: Filled, yours: Filled) -> Sequence[Difference]:
        rows = [Difference(gettext("Name"), theirs.name, yours.name)]
        for found in self.fields:
            both = (filled.typed.profile.get(found.key, "") for filled in (theirs, yours))
            rows.append(Difference(found.label, *(shown(found, value) for value in both)))
        return [row for row in rows if row.theirs != row.yours]

    def _help(self) -> str:
        everywhere, words = gettext("They hold for all of it."), self.desk.panel.settings.words
        if not self.desk.panel.registry.cache_domains:
            return everywhere
        names = {"clear": words.clear_cache, "actions": words.actions}
        kept = gettext("What was put together before shows them as they were, until “%(clear)s” is chosen in the menu “%(actions)s”.", **names)
        return f"{everywhere} {kept}"

    def _page(self, filled: Filled, refusal: Refusal | None = None, conflict: Conflict | None = None) -> ResponseReturnValue:
        words, errors = self.desk.panel.settings.words, errors_of(refusal)
        kind = self.desk.panel.registry.kinds[self.desk.place.kind].label
        name = Field("name", gettext("Name"), filled.name, errors.get("name", ""), required=True, autocomplete="off", maxlength=NAME_LIMIT)
        fields = ProfilePart(filled.typed.profile, errors, url_for("users.states_lookup")).fields(self.fields, self.fields)
        sections = [
            Section("unit", kind, gettext("What it is called, here and in every list."), [name]),
            Section("settings", gettext("Settings"), self._help(), fields),
        ]
        problems = problems_of(sections, refusal)
        notice = notice_of(refusal, told=bool(problems or conflict))
        told = {"sections": sections, "problems": problems, "refusal": notice, "conflict": conflict, "unsaved": refusal is not None}
        desk = self.desk
        back = {"back_url": desk.url, "back_label": desk.place.name, "form_url": self._url}
        title, version = words.manage_account, str(filled.typed.version)
        page: str = desk.view.render("layout/form.html", title=title, submit_label=words.update, version=version, **told, **back)
        return page, refusal.status if refusal else 200


def topmost() -> Any | None:
    """Return the id of the first unit whose settings the person asking may change and that is topmost for him, or None; one statement."""
    tops = [path.ids[-1] for path in scope("units", "edit").paths[:MANY]]
    found = places(session(), tops)
    return next((unit_id for unit_id in tops if unit_id in found and panel().registry.settings_at(found[unit_id].kind)), None)
