"""Creating, renaming and moving a unit through its forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from bo_panel.domain.errors import NotAllowed, NotFound, Refusal, UnknownField, UnknownUnit
from bo_panel.domain.identifiers import NAME_LIMIT
from bo_panel.queries.units import Place, place
from bo_panel.services.changes import CreateUnit, MoveUnit, RenameUnit
from bo_panel.services.engine import SingleChange
from bo_panel.web.current import actor, scope
from bo_panel.web.fields import Choice, Field, Section, notice_of, problems_of
from bo_panel.web.translating import gettext
from bo_panel.web.units.desk import UnitDesk, address
from bo_panel.web.units.lines import kind_of
from bo_panel.web.users.form import errors_of
from bo_panel.web.users.typed import LONGEST, number, unit_id

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UnitEditor:
    """The forms of one unit, for one request."""

    desk: UnitDesk

    def create(self, form: MultiDict[str, str] | None) -> ResponseReturnValue:
        """Return the form for a new unit below this one, or create it; on a refusal the form with everything still in it."""
        if not self.desk.addable:
            raise NotAllowed(where=self.desk.place.name)
        if form is None:
            return self._new_page({"kind": request.args.get("kind", ""), "name": ""})
        typed = _typed(form, "kind", "name")
        try:
            done = self._run(CreateUnit(kind=self._kind(typed), parent_id=self.desk.place.id, name=typed["name"]))
        except NotFound:
            raise
        except Refusal as refusal:
            return self._new_page(typed, refusal)
        flash(gettext("%(name)s was created.", name=typed["name"].strip()), "success")
        return redirect(address(self.desk.view, done or self.desk.place.id), 303)

    def rename(self, form: MultiDict[str, str] | None) -> ResponseReturnValue:
        """Return the form of the unit's name, or save it; on a refusal the form with what was typed."""
        self._check_may_edit()
        if form is None:
            return self._rename_page({"name": self.desk.place.name})
        typed = _typed(form, "name")
        try:
            self._run(RenameUnit(unit_id=self.desk.place.id, name=typed["name"]))
        except NotFound:
            raise
        except Refusal as refusal:
            return self._rename_page(typed, refusal)
        flash(gettext("%(before)s is now called %(name)s.", before=self.desk.place.name, name=typed["name"].strip()), "success")
        return redirect(self.desk.url, 303)

    def move(self, form: MultiDict[str, str] | None) -> ResponseReturnValue:
        """Return the form for another place of the unit, or move it; on a refusal the form with the place that was chosen."""
        self._check_may_edit()
        if not self.desk.movable:
            raise NotAllowed(where=self.desk.parent.name if self.desk.parent and self.desk.way[:-1] else gettext("the unit above"))
        if form is None:
            return self._move_page(None)
        typed = _typed(form, "parent")
        chosen = self._chosen(typed["parent"])
        try:
            if chosen is None:
                raise UnknownUnit("parent")
            self._run(MoveUnit(unit_id=self.desk.place.id, parent_id=chosen.id))
        except NotFound:
            raise
        except Refusal as refusal:
            return self._move_page(chosen, refusal)
        flash(gettext("%(name)s is now below %(parent)s.", name=self.desk.place.name, parent=chosen.name), "success")
        return redirect(self.desk.url, 303)

    def _run(self, change: SingleChange) -> int | None:
        return self.desk.panel.engine.run_single(self.desk.session, actor(), change).subject_id

    def _check_may_edit(self) -> None:
        if not self.desk.allows("edit"):
            raise NotAllowed(where=self.desk.place.name)

    def _kind(self, typed: Typed) -> str:
        """Return the kind that was chosen; where there is one only, nothing was asked."""
        return typed["kind"] or (self.desk.addable[0].key if len(self.desk.addable) == 1 else "")

    def _chosen(self, text: str) -> Place | None:
        found = place(self.desk.session, unit_id(text, "parent")) if number(text) else None
        return found if found and scope("units").covers(found.path) else None

    def _new_page(self, typed: Typed, refusal: Refusal | None = None) -> ResponseReturnValue:
        kinds, errors = self.desk.addable, errors_of(refusal)
        chosen = next((kind for kind in kinds if kind.key == typed["kind"]), kinds[0])
        options = tuple(Choice(kind.key, kind.label, chosen=kind is chosen) for kind in kinds)
        error = errors.get("kind", "") or errors.get("parent", "")
        select = Field(name="kind", label=gettext("Kind"), kind="select", options=options, error=error, required=True)
        fixed = Field(name="kind-shown", label=gettext("Kind"), kind="static", value=chosen.label)
        fields = [select if len(kinds) > 1 or error else fixed, _name_field(typed, errors)]
        below = gettext("It will stand below %(parent)s.", parent=self.desk.place.name)
        title = gettext("Add %(kind)s", kind=chosen.label) if len(kinds) == 1 else gettext("Add a unit")
        section = Section("unit", gettext("Unit"), below, fields)
        words = self.desk.panel.settings.words
        return self._page(section, refusal, title=title, form_url=self.desk.view.get_url(".create_view"), submit_label=words.save)

    def _rename_page(self, typed: Typed, refusal: Refusal | None = None) -> ResponseReturnValue:
        help_text = gettext("Nothing else changes: whoever holds something here keeps it.")
        section = Section("unit", gettext("Unit"), help_text, [_name_field(typed, errors_of(refusal))])
        title = gettext("Rename %(name)s", name=self.desk.place.name)
        words = self.desk.panel.settings.words
        return self._page(section, refusal, title=title, form_url=self.desk.view.get_url(".edit_view"), submit_label=words.update)

    def _move_page(self, chosen: Place | None, refusal: Refusal | None = None) -> ResponseReturnValue:
        desk, registry = self.desk, self.desk.panel.registry
        kinds = [kind_of(registry, key).label for key in kind_of(registry, desk.place.kind).parents]
        field = Field(
            name="parent",
            label=gettext("New place"),
            kind="unit",
            lookup_url=f"{desk.view.get_url('.parents_lookup')}?id={desk.place.id}",
            chosen=(Choice(id=str(chosen.id), label=chosen.name),) if chosen else (),
            hint=gettext("It can stand below: %(kinds)s.", kinds=", ".join(kinds)),
            error=errors_of(refusal).get("parent", ""),
            required=True,
        )
        help_text = gettext("Everything and everybody inside moves with it. Who holds something above the old place loses it here.")
        section = Section("unit", gettext("Place"), help_text, [field])
        title = gettext("Move %(name)s", name=desk.place.name)
        return self._page(section, refusal, title=title, form_url=desk.view.get_url(".move_view"), submit_label=gettext("Move"))

    def _page(self, section: Section, refusal: Refusal | None, **shown: Any) -> ResponseReturnValue:
        problems = problems_of([section], refusal)
        notice = notice_of(refusal, told=bool(problems))
        shown["form_url"] += f"?id={self.desk.place.id}"
        told = {"sections": [section], "problems": problems, "refusal": notice, "unsaved": refusal is not None}
        back = {"back_url": self.desk.url, "back_label": self.desk.place.name}
        page: str = self.desk.view.render("layout/form.html", **told, **back, **shown)
        return page, refusal.status if refusal else 200


def _name_field(typed: Typed, errors: Mapping[str, str]) -> Field:
    error = errors.get("name", "")
    return Field(name="name", label=gettext("Name"), value=typed["name"], error=error, required=True, autocomplete="off", maxlength=NAME_LIMIT)


def _typed(form: MultiDict[str, str], *names: str) -> Typed:
    """Return what was posted; raise UnknownField for a field that this form does not have."""
    for name in form:
        if name not in (*names, "csrf_token"):
            raise UnknownField(name=name[:80])
    return {name: form.get(name, "").replace("\x00", "")[:LONGEST] for name in names}
