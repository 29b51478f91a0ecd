"""The pages of the form editor: the fields of a unit in their order, one of them, and what is done with it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from bo_panel.domain.errors import NotAllowed, NotFound, Refusal
from bo_panel.domain.profile_fields import FieldType, ProfileField
from bo_panel.queries.profile_fields import own_field
from bo_panel.services.changes import (
    AddProfileField,
    BringBackProfileField,
    EditProfileField,
    MoveProfileField,
    PurgeProfileField,
    RemoveProfileField,
)
from bo_panel.services.engine import Needs, SingleChange
from bo_panel.web.base import PanelPage
from bo_panel.web.current import actor, panel, session
from bo_panel.web.fields import notice_of, problems_of
from bo_panel.web.profile_fields.desk import FormDesk, desk_of
from bo_panel.web.profile_fields.form import FieldForm, field_from, typed, typed_of
from bo_panel.web.profile_fields.shown import shown
from bo_panel.web.translating import gettext
from bo_panel.web.users.form import errors_of
from bo_panel.web.users.typed import number

BLANK = ProfileField("", "")


class ProfileFieldsView(PanelPage):
    """The User Profile Form Editor."""

    needs: ClassVar = {
        "index_view": Needs("profile_fields", "view"),
        "add_view": Needs("profile_fields", "edit"),
        "edit_view": Needs("profile_fields", "edit"),
        "move_view": Needs("profile_fields", "edit"),
        "remove_view": Needs("profile_fields", "edit"),
        "bring_back_view": Needs("profile_fields", "edit"),
        "purge_view": Needs("profile_fields", "edit"),
    }

    def __init__(self, name: str, category: str) -> None:
        """Register the pages."""
        icon = {"menu_icon_type": "icon", "menu_icon_value": "list-checks"}
        super().__init__(name, category=category, endpoint="profile_fields", url="/profile-fields", **icon)

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """Return the fields of a unit in the order of the form, and the form as it will be."""
        return self.render("profile_fields/list.html", **shown(desk_of(self)))

    @expose("/add/", methods=("GET", "POST"))
    def add_view(self) -> ResponseReturnValue:
        """Return the form of a new field, or add what was typed."""
        desk = self._desk()
        if request.method == "GET":
            return self._page(desk, typed_of(BLANK))
        values = typed(request.form)
        try:
            self._run(AddProfileField(unit_id=desk.place.id, field=field_from(values)))
        except NotFound:
            raise
        except Refusal as refusal:
            return self._page(desk, values, refusal)
        flash(gettext("%(name)s was added.", name=values["label"].strip()), "success")
        return redirect(desk.url(".index_view"), 303)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """Return the form of a field, or save what was typed."""
        desk = self._desk()
        row = self._row(desk, request.args.get("field", ""))
        known = own_field(row)
        if request.method == "GET":
            return self._page(desk, typed_of(known), row=row)
        values = typed(request.form)
        try:
            field, version = field_from(values, known), number(request.form.get("version", ""))
            self._run(EditProfileField(unit_id=desk.place.id, field_id=row.id, field=field, version=version))
        except NotFound:
            raise
        except Refusal as refusal:
            return self._page(desk, values, refusal, row=row)
        flash(gettext("%(name)s was saved.", name=values["label"].strip()), "success")
        return redirect(desk.url(".index_view"), 303)

    @expose("/move/", methods=("POST",))
    def move_view(self) -> ResponseReturnValue:
        """Put a field one place up or down."""
        desk = self._desk()
        up = request.form.get("to") == "up"
        return self._done(desk, MoveProfileField(unit_id=desk.place.id, field_id=self._id(), up=up))

    @expose("/remove/", methods=("GET", "POST"))
    def remove_view(self) -> ResponseReturnValue:
        """Ask, or take a field out of the forms; what is stored in it is kept."""
        desk = self._desk()
        body = gettext("It disappears from every form and list. What is stored in it is kept until the field is purged, and is there again with it.")
        return self._asked(desk, RemoveProfileField(unit_id=desk.place.id, field_id=self._id()), gettext("Remove"), body)

    @expose("/bring-back/", methods=("POST",))
    def bring_back_view(self) -> ResponseReturnValue:
        """Put a removed field into the forms again."""
        desk = self._desk()
        return self._done(desk, BringBackProfileField(unit_id=desk.place.id, field_id=self._id()))

    @expose("/purge/", methods=("GET", "POST"))
    def purge_view(self) -> ResponseReturnValue:
        """Ask, or delete a removed field with all that is stored in it."""
        desk = self._desk()
        body = gettext("The field is deleted, with everything that is stored in it. This cannot be undone.")
        return self._asked(desk, PurgeProfileField(unit_id=desk.place.id, field_id=self._id()), gettext("Purge"), body)

    def _desk(self) -> FormDesk:
        desk = desk_of(self)
        if not desk.edits:
            raise NotAllowed(where=desk.place.name)
        return desk

    def _row(self, desk: FormDesk, text: str, *, removed: bool = False) -> Any:
        """Return the row of a field that the person asking may change; raise NotAllowed for another."""
        row = desk.row(text, removed=removed)
        if not desk.changes(own_field(row)):
            raise NotAllowed(where=desk.place.name)
        return row

    def _id(self) -> int:
        return number(request.args.get("field", ""))

    def _run(self, change: SingleChange) -> None:
        panel().engine.run_single(session(), actor(), change)

    def _done(self, desk: FormDesk, change: SingleChange) -> ResponseReturnValue:
        self._run(change)
        return redirect(desk.url(".index_view"), 303)

    def _asked(self, desk: FormDesk, change: RemoveProfileField | PurgeProfileField, label: str, body: str) -> ResponseReturnValue:
        row, refusal = self._row(desk, str(change.field_id), removed=change.removed), None
        try:
            if request.method == "POST":
                self._run(change)
                flash(gettext("%(what)s: done.", what=f"{label} {row.label}"), "success")
                return redirect(desk.url(".index_view"), 303)
        except NotFound:
            raise
        except Refusal as problem:
            refusal = problem
        page = self.render(
            "layout/question.html",
            title=f"{label} {row.label}?",
            body=body,
            back_url=desk.url(".index_view"),
            back_label=panel().settings.words.profile_form,
            form_url=desk.url(".purge_view" if change.removed else ".remove_view", row),
            yes=label,
            refusal=notice_of(refusal),
        )
        return page, refusal.status if refusal else 200

    def _page(self, desk: FormDesk, values: Mapping[str, Any], refusal: Refusal | None = None, *, row: Any = None) -> ResponseReturnValue:
        countries = [field for field in desk.fields if field.type is FieldType.COUNTRY]
        known = own_field(row) if row is not None else None
        section = FieldForm(desk.levels, countries, values, errors_of(refusal), known).section()
        problems = problems_of([section], refusal)
        words, back = panel().settings.words, desk.url(".index_view")
        page = self.render(
            "layout/form.html",
            title=gettext("Edit %(name)s", name=row.label) if row is not None else gettext("Add a field"),
            sections=[section],
            problems=problems,
            refusal=notice_of(refusal, told=bool(problems)),
            unsaved=refusal is not None,
            version=str(row.version) if row is not None else "",
            form_url=desk.url(".edit_view", row) if row is not None else desk.url(".add_view"),
            back_url=back,
            back_label=words.profile_form,
            submit_label=words.update if row is not None else words.save,
        )
        return page, refusal.status if refusal else 200
