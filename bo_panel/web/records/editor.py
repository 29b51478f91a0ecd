"""Adding, changing and deleting one record through its forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from bo_panel.domain.errors import NotAllowed, NotFound, RecordChanged, Refusal, UnknownField
from bo_panel.domain.profile_fields import PROFILE
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.pages import ModelPage
from bo_panel.queries.records import UNIT_KIND, UNIT_NAME, UNIT_PATH, record
from bo_panel.queries.units import Place, place, units_below
from bo_panel.services.changes import AddRecords, DeleteRecord, EditRecord
from bo_panel.services.changes.record_values import as_typed, names_of
from bo_panel.services.engine import SingleChange
from bo_panel.web.current import actor, me, panel, scope, session
from bo_panel.web.fields import notice_of, problems_of
from bo_panel.web.records.form import FEW, sections_of, unit_section
from bo_panel.web.translating import gettext
from bo_panel.web.users.form import errors_of
from bo_panel.web.users.page import Conflict, Difference
from bo_panel.web.users.profile import shown
from bo_panel.web.users.typed import LONGEST_PROFILE, number


@dataclass(frozen=True, slots=True)
class Found:
    """A record, as the form is about it."""

    id: int
    version: int
    typed: Mapping[str, str]
    unit: Place


@dataclass(frozen=True, slots=True)
class RecordEditor:
    """The forms of one page, for one request."""

    view: Any
    page: ModelPage

    def create(self, form: MultiDict[str, str] | None) -> ResponseReturnValue:
        """Return the form of a new record at the unit that the address names, or the question at which; or add what was typed."""
        unit = self._unit(request.args.get("unit", ""))
        if unit is None:
            return self._ask_unit()
        if form is None:
            return self._page(unit, {})
        typed = self._typed(form)
        try:
            self._run(AddRecords(page=self.page, unit_id=unit.id, rows=(typed,)))
        except NotFound:
            raise
        except Refusal as refusal:
            return self._page(unit, typed, refusal)
        return self._done(gettext("%(name)s was added.", name=self.page.name_of(typed)))

    def edit(self, form: MultiDict[str, str] | None) -> ResponseReturnValue:
        """Return the form of the record that the address names, or save what was typed."""
        found = self._found("edit")
        if form is None:
            return self._page(found.unit, found.typed, found=found)
        typed, version = self._typed(form), number(form.get("version", ""))
        try:
            self._run(EditRecord(page=self.page, record_id=found.id, version=version, typed=typed))
        except NotFound:
            raise
        except RecordChanged as refusal:
            now = self._found("edit")
            return self._page(now.unit, typed, refusal, found=now)
        except Refusal as refusal:
            return self._page(found.unit, typed, refusal, found=found)
        return self._done(gettext("%(name)s was saved.", name=self.page.name_of({**found.typed, **typed})))

    def delete(self, form: MultiDict[str, str] | None) -> ResponseReturnValue:
        """Ask, or delete the record that the address names."""
        found, refusal = self._found("delete"), None
        name = self.page.name_of(found.typed)
        try:
            if form is not None:
                self._run(DeleteRecord(page=self.page, record_id=found.id, version=number(form.get("version", ""))))
                return self._done(gettext("%(name)s was deleted.", name=name))
        except NotFound:
            raise
        except Refusal as problem:
            refusal, found = problem, self._found("delete")
        page = self.view.render(
            "layout/question.html",
            title=gettext("Delete %(name)s?", name=name),
            body=gettext("This cannot be undone. The audit log keeps what it held."),
            back_url=self._url(".edit_view", found),
            back_label=name,
            form_url=self._url(".delete_view", found),
            yes=gettext("Yes, delete it!"),
            version=str(found.version),
            refusal=notice_of(refusal),
        )
        return page, refusal.status if refusal else 200

    def _unit(self, text: str) -> Place | None:
        """Return the unit that an address names, or the only one that there is; None where it is to be chosen."""
        reach = scope(*self.page.needs("edit"))
        if text:
            found = place(session(), number(text)) if number(text) else None
            if found is None or not reach.covers(found.path) or found.kind not in self.page.unit_kinds:
                raise NotFound
            return found
        units = units_below(session(), reach, self.page.unit_kinds, limit=2)
        return units[0] if len(units) == 1 else None

    def _ask_unit(self) -> ResponseReturnValue:
        units = units_below(session(), scope(*self.page.needs("edit")), self.page.unit_kinds, limit=FEW + 1)
        url = self.view.get_url(".index_view")
        return self.view.render(
            "records/choose.html",
            title=self._new_title(),
            list_url=url,
            form_url=self.view.get_url(".create_view"),
            section=unit_section(panel().registry, self.page, units, self.view.get_url(".units_lookup")),
        )

    def _found(self, verb: str) -> Found:
        row = record(session(), self.page, scope(*self.page.needs("view")), number(request.args.get("id", "")))
        if row is None:
            raise NotFound
        told = row._mapping
        unit = Place(told["unit:id"], told[UNIT_NAME], told[UNIT_KIND], UnitPath(told[UNIT_PATH]))
        if not me().access.allows(*self.page.needs(verb), unit.path):
            raise NotAllowed(where=unit.name)
        return Found(row.id, row.version, as_typed(self.page, row), unit)

    def _typed(self, form: MultiDict[str, str]) -> dict[str, str]:
        """Return what was posted, by field; raise UnknownField for a field that this form does not have."""
        known = {PROFILE + key: key for key in names_of(self.page)}
        for name in form:
            if name not in (*known, "csrf_token", "version"):
                raise UnknownField(name=name[:80])
        posted = {key: "\n".join(filter(None, form.getlist(name))) for name, key in known.items() if name in form}
        return {key: text.replace("\r\n", "\n").replace("\x00", "")[:LONGEST_PROFILE] for key, text in posted.items()}

    def _run(self, change: SingleChange) -> None:
        panel().engine.run_single(session(), actor(), change)

    def _done(self, sentence: str) -> ResponseReturnValue:
        flash(sentence, "success")
        return redirect(self.view.get_url(".index_view"), 303)

    def _page(
        self, unit: Place, typed: Mapping[str, str], refusal: Refusal | None = None, *, found: Found | None = None
    ) -> ResponseReturnValue:
        words, list_url = panel().settings.words, self.view.get_url(".index_view")
        sections = sections_of(self.page, unit, {**(found.typed if found else {}), **typed}, errors_of(refusal))
        problems = problems_of(sections, refusal)
        conflict = self._conflict(found, typed) if found and isinstance(refusal, RecordChanged) else None
        may_delete = found and me().access.allows(*self.page.needs("delete"), unit.path)
        page = self.view.render(
            "layout/form.html",
            title=self.page.name_of(found.typed) or f"#{found.id}" if found else self._new_title(),
            back_url=list_url,
            back_label=self.page.label,
            form_url=self._url(".edit_view", found) if found else f"{self.view.get_url('.create_view')}?unit={unit.id}",
            remove_url=self._url(".delete_view", found) if found and may_delete else None,
            remove_label=gettext("Delete"),
            sections=sections,
            problems=problems,
            conflict=conflict,
            refusal=notice_of(refusal, told=bool(problems or conflict)),
            unsaved=refusal is not None,
            version=str(found.version) if found else "",
            submit_label=words.update if found else words.save,
        )
        return page, refusal.status if refusal else 200

    def _conflict(self, found: Found, typed: Mapping[str, str]) -> Conflict:
        labels = names_of(self.page)
        changed = {key: (found.typed[key], value) for key, value in typed.items() if value != found.typed[key]}
        rows = [Difference(labels[key], *(self._shown(key, value) for value in both)) for key, both in changed.items()]
        return Conflict(RecordChanged.code, "", rows, gettext("Someone else saved this while you were editing"))

    def _shown(self, key: str, value: str) -> str:
        return shown(self.page.by_key[key], value) if key in self.page.by_key else value

    def _new_title(self) -> str:
        return gettext("Add %(one)s", one=self.page.singular)

    def _url(self, endpoint: str, found: Found) -> str:
        return f"{self.view.get_url(endpoint)}?id={found.id}"
