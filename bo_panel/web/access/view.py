"""The page that says what a user may do at a unit, and why."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from bo_panel.domain.errors import NotFound
from bo_panel.domain.units import UnitPath
from bo_panel.models import User
from bo_panel.queries.roles import roles_at
from bo_panel.queries.unit_tree import way_to
from bo_panel.queries.units import Place, units_below
from bo_panel.queries.users import one_user
from bo_panel.queries.why import explained
from bo_panel.services.engine import Needs
from bo_panel.web.access.telling import Telling
from bo_panel.web.base import PanelView
from bo_panel.web.current import me, panel, scope, session
from bo_panel.web.users.page import subject_of
from bo_panel.web.users.typed import number

LOOKED_UP = 20
LONGEST_LOOKUP = 100


class AccessView(PanelView):
    """The effective access of one user at one unit, narrowed to what the person asking can see.

    Only for accounts at home where the person asking may look; of a guest no more is told than his form does. Grants outside that
    view are not read. That some may lie above it is said of everybody alike, so that it says nothing about anybody.
    """

    needs: ClassVar = {"index_view": Needs("users", "view"), "places_lookup": Needs("users", "view")}

    def __init__(self, name: str) -> None:
        """Register the page, which no menu leads to."""
        super().__init__(User, name, endpoint="access", url="/users/access")

    def is_visible(self) -> bool:
        """Return that the menu does not show it."""
        return False

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """Return what a user may do at a unit; at the home of the account where no other is named."""
        row, now = self._user(request.args.get("id", "")), panel().clock.now()
        way = self._way(request.args.get("unit", "") or str(row.home_id))
        book = roles_at(session(), panel().registry, way[-1].path)
        found = explained(session(), book, scope("users"), row, way, now=now)
        telling, words = Telling(panel().registry, panel().settings.words, now), panel().settings.words
        may_edit = me().access.anywhere("users", "edit")
        return self.render(
            "access/show.html",
            subject=subject_of(row, words, now, guest=False),
            back_url=f"{self.get_url('users.edit_view')}?id={row.id}" if may_edit else self.get_url("users.index_view"),
            form_url=self.get_url(".index_view"),
            unit_name=way[-1].name,
            place_field=telling.place_field(way[-1], self.get_url(".places_lookup")),
            elsewhere=telling.elsewhere(found, f"{self.get_url('.index_view')}?id={row.id}&unit={{id}}"),
            groups=telling.groups(found),
            grants=telling.grants(found),
            shut_out=telling.shut_out(found),
            partial=found.partial,
        )

    @expose("/places/")
    def places_lookup(self) -> ResponseReturnValue:
        """Return the units that a text finds, where the person asking may look at users."""
        registry, text = panel().registry, request.args.get("q", "")[:LONGEST_LOOKUP].replace("\x00", "")
        found = units_below(session(), scope("users"), tuple(registry.kinds), text, LOOKED_UP + 1)
        results = [{"id": place.id, "label": place.name, "hint": registry.kinds[place.kind].label} for place in found[:LOOKED_UP]]
        return {"results": results, "more": len(found) > LOOKED_UP}

    def _user(self, text: str) -> Any:
        row = one_user(session(), scope("users"), number(text), panel().clock.now()) if number(text) else None
        if row is None or not scope("users").covers(UnitPath(row.home_path)):
            raise NotFound
        return row

    def _way(self, text: str) -> Sequence[Place]:
        way = way_to(session(), number(text)) if number(text) else ()
        if not way or not scope("users").covers(way[-1].path):
            raise NotFound
        return way
