"""The pages of the units: the tree, one unit, and its forms."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from bo_panel.models import Unit
from bo_panel.queries.page import Page
from bo_panel.queries.unit_tree import ORDER, Branch, Twig, units_page
from bo_panel.queries.units import places, units_below
from bo_panel.services.engine import Needs
from bo_panel.web.base import PanelView
from bo_panel.web.current import me, panel, scope, session
from bo_panel.web.grid import Head, Search, nothing_found, pager_of
from bo_panel.web.listing import Rules, State, parse
from bo_panel.web.translating import gettext
from bo_panel.web.units.caches import clear
from bo_panel.web.units.desk import UnitDesk, desk_at, lines_for, possible_parents
from bo_panel.web.units.editor import UnitEditor
from bo_panel.web.units.features import switch
from bo_panel.web.units.lines import kind_of
from bo_panel.web.units.settings import SettingsEditor, topmost
from bo_panel.web.units.shown import Shown

PAGE = 50
LOOKED_UP = 20
LONGEST_LOOKUP = 100


class UnitsView(PanelView):
    """The units that the person asking can see."""

    list_template = "units/list.html"
    needs: ClassVar = {
        "index_view": Needs("units", "view"),
        "show_view": Needs("units", "view"),
        "create_view": Needs("units", "create"),
        "edit_view": Needs("units", "edit"),
        "move_view": Needs("units", "edit"),
        "feature_view": Needs("units", "edit"),
        "settings_view": Needs("units", "edit"),
        "clear_cache_view": Needs("users", "edit"),
        "parents_lookup": Needs("units", "edit"),
    }

    def __init__(self, name: str, category: str) -> None:
        """Register the page under the deployment's words."""
        super().__init__(Unit, name, category=category, endpoint="units", url="/units", menu_icon_value="network")

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """Return the topmost units, opened where there is one only, or those that a search finds."""
        state = self._state(self.get_url(".index_view"))
        page = self._page(Branch(scope("units"), search=state.search), state)
        alone = page.rows[0] if not state.search and len(page.rows) == 1 and page.previous is None else None
        inside = self._page(Branch(scope("units"), below=alone.id), State("", state.rules, order=ORDER, size=PAGE)) if alone else None
        lines = lines_for(self, panel(), above=self._above(page) if state.search else {})
        words = panel().settings.words
        return self.render(
            self.list_template,
            page=Head(words.units, gettext("Everything that access is given at, from the top down.")),
            lines=lines.lines(page.rows),
            inside=lines.lines(inside.rows) if inside else [],
            inside_more_url=self._more_url(alone, inside) if alone and inside else None,
            more_url=None,
            list_url=state.path,
            keep=state.pairs,
            search=Search(state.search, gettext("Search %(units)s", units=words.units), gettext("Name")),
            reset_url=state.reset_url,
            pager=pager_of(state, page),
            page_sizes=[],
            empty=nothing_found(state, gettext("Nothing here yet"), gettext("There is no unit that you may see.")),
        )

    @expose("/show/")
    def show_view(self) -> ResponseReturnValue:
        """Return one unit: the way to it, what is inside, who is there."""
        desk = self._desk()
        state = self._state(self.get_url(".show_view"), {"id": frozenset({str(desk.place.id)})})
        page = self._page(Branch(scope("units"), below=desk.place.id), state)
        return Shown(desk).page(lines_for(self, panel()).lines(page.rows), pager_of(state, page))

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """Return the form for a new unit below one, or create what was typed and show it."""
        return UnitEditor(self._desk()).create(request.form if request.method == "POST" else None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """Return the form of a unit's name, or save what was typed and show the unit."""
        return UnitEditor(self._desk()).rename(request.form if request.method == "POST" else None)

    @expose("/move/", methods=("GET", "POST"))
    def move_view(self) -> ResponseReturnValue:
        """Return the form for another place of a unit, or move it and show it there."""
        return UnitEditor(self._desk()).move(request.form if request.method == "POST" else None)

    @expose("/feature/", methods=("POST",))
    def feature_view(self) -> ResponseReturnValue:
        """Switch a feature of a unit on or off, and return to the unit."""
        return switch(self._desk(), request.form)

    @expose("/settings/", methods=("GET", "POST"))
    def settings_view(self) -> ResponseReturnValue:
        """Return the settings of a unit, or of one's topmost where none is named, or save what was typed; elsewhere the units to choose from."""
        unit = request.args.get("id", "") or topmost()
        if unit is None:
            flash(gettext("Choose whose settings you want to see."), "info")
            return redirect(self.get_url(".index_view"), 303)
        editor = SettingsEditor(desk_at(self, panel(), me(), session(), unit=str(unit)))
        return editor.save(request.form) if request.method == "POST" else editor.show()

    @expose("/clear-cache/", methods=("POST",))
    def clear_cache_view(self) -> ResponseReturnValue:
        """Clear what is kept of a unit, or of everything that the person asking administers, and return to where he was."""
        return clear(request.form, self.get_url("users.index_view"))

    @expose("/parents/")
    def parents_lookup(self) -> ResponseReturnValue:
        """Return the units below which one could be moved, those that a text finds."""
        desk = self._desk()
        reach, kinds = possible_parents(desk)
        text = request.args.get("q", "")[:LONGEST_LOOKUP].replace("\x00", "")
        found = units_below(session(), reach, kinds, text, LOOKED_UP + 1)
        shown = [place for place in found[:LOOKED_UP] if not desk.place.path.covers(place.path)]
        seen, registry = scope("units"), panel().registry
        above = places(session(), {unit_id for place in shown for unit_id in place.path.ids[:-1]}) if shown else {}
        lines = lines_for(self, panel(), above={unit_id: place for unit_id, place in above.items() if seen.covers(place.path)})
        results = [
            {"id": place.id, "label": place.name, "hint": lines.way(place) or kind_of(registry, place.kind).label} for place in shown
        ]
        return jsonify(results=results, more=len(found) > LOOKED_UP)

    def _desk(self) -> UnitDesk:
        return desk_at(self, panel(), me(), session(), unit=request.args.get("id", ""))

    def _state(self, path: str, filters: Mapping[str, frozenset[str]] | None = None) -> State:
        state = parse(path, Rules(filters or {}, (ORDER,), (PAGE,), PAGE), request.args)
        if state.lost:
            flash(gettext("That place in the list can no longer be found, so this is its first page."), "info")
        return state

    def _page(self, branch: Branch, state: State) -> Page[Twig]:
        return units_page(session(), branch, state.step, state.size, now=panel().clock.now())

    def _more_url(self, alone: Twig, inside: Page[Twig]) -> str | None:
        rules = Rules({"id": frozenset({str(alone.id)})}, (ORDER,), (PAGE,), PAGE)
        state = State(self.get_url(".show_view"), rules, filters={"id": (str(alone.id),)}, order=ORDER, size=PAGE)
        return pager_of(state, inside).next_url

    def _above(self, page: Page[Twig]) -> Mapping[int, Any]:
        ids: Sequence[int] = sorted({unit_id for twig in page.rows for unit_id in twig.path.ids[:-1]})
        seen = scope("units")
        return {unit_id: place for unit_id, place in places(session(), ids).items() if seen.covers(place.path)} if ids else {}
