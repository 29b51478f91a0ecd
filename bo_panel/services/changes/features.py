"""Switching a feature on or off at a unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select

from bo_panel.domain.access import Access
from bo_panel.domain.errors import NotAllowed, NotFound
from bo_panel.domain.units import UnitPath
from bo_panel.models import Unit, UnitFeature
from bo_panel.queries.features import FeatureBook, feature_book
from bo_panel.queries.sql import within
from bo_panel.queries.units import place
from bo_panel.services.engine import Context, Needs, SingleChange, Trail


def switched_from(path: UnitPath) -> UnitPath:
    """Return the unit from which features of a unit are switched: the one above it, as nobody subscribes himself to anything."""
    return UnitPath.of(*path.ids[:-1]) if len(path.ids) > 1 else path


def kept_off_at(access: Access, book: FeatureBook, key: str, path: UnitPath) -> UnitPath | None:
    """Return the unit that keeps somebody from switching a feature on beneath it: his topmost one on the way, where others leave it off."""
    above = switched_from(path)
    top = next((top for top in access.reach("units", "edit") if top.covers(above)), above)
    return None if len(top.ids) == 1 or book.is_on(key, top) else top


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchFeature(SingleChange):
    """Switch a feature on at a unit and at everything beneath that does not say otherwise, or off at all of it. Who holds a role keeps it."""

    unit_id: int
    feature: str
    on: bool

    key = "features.switch"
    requires = Needs("units", "edit")

    def notice(self) -> Mapping[str, Any]:
        """Return the unit, the feature, and whether it is to be on."""
        return {"unit": self.unit_id, "feature": self.feature, "on": self.on}

    def run(self, context: Context) -> Sequence[Trail]:
        """Switch it, unless it is so already; raise unless the actor may change the unit above, and has it himself or is the root's."""
        found, feature = place(context.session, self.unit_id), context.registry.features.get(self.feature)
        if found is None or feature is None or not context.actor.access.allows("units", "view", found.path):
            raise NotFound
        if not context.actor.access.allows(*self.requires, switched_from(found.path)):
            raise NotAllowed(where=f"the unit above {found.name}")
        context.session.execute(select(Unit.id).where(Unit.id == found.id).with_for_update(key_share=True))
        book = feature_book(context.session)
        top = kept_off_at(context.actor.access, book, self.feature, found.path) if self.on else None
        if top is not None:
            known = place(context.session, top.ids[-1])
            raise NotAllowed(where=f"the unit above {known.name if known else found.name}")
        if book.is_on(self.feature, found.path) == self.on:
            return []
        stale = UnitFeature.unit_id == found.id
        if not self.on:  # what was on beneath goes off too, or a tenant would keep what is taken from him
            beneath = select(Unit.id).where(within(Unit.path, (found.path,)))
            stale = or_(stale, and_(UnitFeature.enabled, UnitFeature.unit_id.in_(beneath)))
        context.session.execute(delete(UnitFeature).where(UnitFeature.key == self.feature, stale))
        above = len(found.path.ids) > 1 and book.is_on(self.feature, switched_from(found.path))
        if above != self.on:
            context.session.execute(insert(UnitFeature).values(unit_id=found.id, key=self.feature, enabled=self.on))
        event = "features.switched_on" if self.on else "features.switched_off"
        return [Trail(event, found.id, None, {}, {"feature": feature.label})]
