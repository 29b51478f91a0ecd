"""What every page about one unit needs: the unit and the way to it, what may be done with it, and where that is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from bo_panel.bootstrap import Panel
from bo_panel.domain.errors import NotFound
from bo_panel.hooks.contributions import UnitKind
from bo_panel.queries.unit_tree import way_to
from bo_panel.queries.units import Place
from bo_panel.queries.visible import Scope
from bo_panel.web.current import Me, scope
from bo_panel.web.units.lines import Lines
from bo_panel.web.users.typed import number


@dataclass(frozen=True)
class UnitDesk:
    """One unit in front of the person asking."""

    view: Any
    panel: Panel
    me: Me
    session: Session
    way: Sequence[Place]
    """The units in sight that lead to it, and itself."""
    parent: Place | None
    """The unit directly above, in sight or not."""

    @property
    def place(self) -> Place:
        """The unit."""
        return self.way[-1]

    @property
    def url(self) -> str:
        """Where it is shown."""
        return address(self.view, self.place.id)

    @cached_property
    def addable(self) -> Sequence[UnitKind]:
        """The kinds of units that the person asking may create directly below."""
        return self.panel.registry.kinds_below(self.place.kind) if self.allows("create") else ()

    @property
    def movable(self) -> bool:
        """Whether it may be tried to move the unit; where to, and who would gain what by it, is seen when it is done."""
        return self.parent is not None and self.allows("edit") and self.me.access.allows("units", "edit", self.parent.path)

    def allows(self, level: str) -> bool:
        """Return whether this level of units is held here."""
        return self.me.access.allows("units", level, self.place.path)


def desk_at(view: Any, panel: Panel, me: Me, session: Session, *, unit: str) -> UnitDesk:
    """Return the unit that an address names; raise NotFound for one out of sight and for no id at all. One statement."""
    way = way_to(session, number(unit)) if number(unit) else ()
    seen = scope("units")
    if not way or not seen.covers(way[-1].path):
        raise NotFound
    return UnitDesk(view, panel, me, session, [place for place in way if seen.covers(place.path)], way[-2] if len(way) > 1 else None)


def address(view: Any, unit_id: object) -> str:
    """Return where a unit is shown."""
    return f"{view.get_url('units.show_view')}?id={unit_id}"


def lines_for(view: Any, panel: Panel, **more: Any) -> Lines:
    """Return what draws the units of a page for the person asking."""
    return Lines(panel.registry, address(view, "{id}"), scope("users"), **more)


def possible_parents(desk: UnitDesk) -> tuple[Scope, Sequence[str]]:
    """Return where the unit could be moved: below which units, of which kinds."""
    kind = desk.panel.registry.kinds.get(desk.place.kind)
    return scope("units", "create"), kind.parents if kind else ()
