"""A page over a table of a plugin: list, forms, export. There is one view for each page, made at the start."""

from typing import Any

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from bo_panel.hooks.pages import ModelPage
from bo_panel.queries.records import records_page
from bo_panel.queries.units import units_below
from bo_panel.services.engine import Needs
from bo_panel.web.base import PanelView
from bo_panel.web.current import me, scope, session
from bo_panel.web.grid import Head
from bo_panel.web.listing import State, parse
from bo_panel.web.records.editor import RecordEditor
from bo_panel.web.records.exporting import answer, offered
from bo_panel.web.records.listing import UNIT, Choices, choices_of, frame_of, rows_of, rules_of, wanted_of
from bo_panel.web.translating import gettext

MOST, LONGEST = 20, 100


class RecordsView(PanelView):
    """The records of one page that the person asking can see."""

    list_template = "records/list.html"

    def __init__(self, page: ModelPage) -> None:
        """Register the page under its own words, and with its own levels."""
        view, edit, remove = (Needs(*page.needs(verb)) for verb in ("view", "edit", "delete"))
        self.page = page
        self.needs = {
            "index_view": view,
            "export_view": view,
            "create_view": edit,
            "edit_view": edit,
            "units_lookup": edit,
            "delete_view": remove,
        }
        super().__init__(page.model, page.label, category=page.menu or None, endpoint=page.endpoint, url=page.address, menu_icon_value=page.icon)

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """Return a page of the list."""
        choices = choices_of(self.page)
        state = parse(self.get_url(".index_view"), rules_of(choices), request.args)
        if state.lost:
            flash(gettext("That place in the list can no longer be found, so this is its first page."), "info")
        found = records_page(session(), self.page, scope(*self.page.needs("view")), wanted_of(state))
        if state.step.skip and not found.rows:  # a number far beyond the end
            return redirect(state.last_url, 303)
        may_edit = me().access.anywhere(*self.page.needs("edit"))
        add = (gettext("Add %(one)s", one=self.page.singular), self._add_url(state, choices)) if may_edit else (None, None)
        return self.render(
            self.list_template,
            page=Head(self.page.label, self.page.subtitle, *add, add_icon="plus"),
            key=self.page.key,
            rows=rows_of(self.page, found.rows, state.columns, f"{self.get_url('.edit_view')}?id={{id}}"),
            export_url=self.get_url(".export_view"),
            **frame_of(state, found, choices),
        )

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """Return the form for a new record at a unit, or the question at which; or add what was typed."""
        return RecordEditor(self, self.page).create(request.form if request.method == "POST" else None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """Return the form of a record, or save what was typed and return to the list."""
        return RecordEditor(self, self.page).edit(request.form if request.method == "POST" else None)

    @expose("/delete/", methods=("GET", "POST"))
    def delete_view(self) -> ResponseReturnValue:
        """Ask, or delete a record for good."""
        return RecordEditor(self, self.page).delete(request.form if request.method == "POST" else None)

    @expose("/export/", methods=("GET", "POST"))
    def export_view(self) -> ResponseReturnValue:
        """Return the page on which a format is chosen, or the file."""
        return answer(self, self.page) if request.method == "POST" else offered(self, self.page)

    @expose("/units/")
    def units_lookup(self) -> ResponseReturnValue:
        """Return the units to which the person asking can add records, those that a text finds."""
        text = request.args.get("q", "")[:LONGEST].replace("\x00", "")
        found = units_below(session(), scope(*self.page.needs("edit")), self.page.unit_kinds, text, MOST + 1)
        return jsonify(results=[{"id": place.id, "label": place.name, "hint": ""} for place in found[:MOST]], more=len(found) > MOST)

    def _add_url(self, state: State, choices: Choices) -> str:
        """Return the address of the form, at the one unit that the list is narrowed by, if records can be added there."""
        units, editable = state.filters.get(UNIT, ()), scope(*self.page.needs("edit"))
        here = [place for place in choices.units if units == (str(place.id),) and editable.covers(place.path)]
        return self.get_url(".create_view") + (f"?unit={here[0].id}" if here else "")

    def render(self, template: str, **values: Any) -> str:
        """Return the page drawn, below the words of this page."""
        return super().render(template, one=self.page.singular, many=self.page.label, **values)
