"""Switching a plugin off and on for a unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, update

from bo_panel.domain.errors import NotAllowed, NotFound, OffAbove
from bo_panel.models import PluginSwitch
from bo_panel.queries.switches import switches
from bo_panel.queries.units import Place, place
from bo_panel.services.engine import Context, Needs, SingleChange, Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPlugin(SingleChange):
    """Switch a plugin off or on for a unit and everything beneath."""

    plugin: str
    unit_id: int
    on: bool

    key = "plugins.switch"
    requires = Needs("plugins", "edit")

    def notice(self) -> Mapping[str, Any]:
        """Return what is switched where."""
        return {"plugin": self.plugin, "unit": self.unit_id, "on": self.on}

    def run(self, context: Context) -> Sequence[Trail]:
        """Switch it; raise for a plugin that cannot be switched, and where it is off above and so cannot be on here."""
        unit = self._unit(context)
        if self.plugin not in context.registry.switchable:
            raise NotFound
        found = switches(context.session, context.registry)
        above = unit.path.ids[:-1]
        if self.on and any(name == self.plugin and not units.isdisjoint(above) for name, units in found.off):
            raise OffAbove(plugin=self.plugin)
        is_on = not any(name == self.plugin and unit.id in units for name, units in found.off)
        if is_on == self.on:
            return []
        mine = {"plugin": self.plugin, "unit_id": unit.id}
        again = update(PluginSwitch).filter_by(**mine).values(on=self.on).returning(PluginSwitch.unit_id)
        if not context.session.execute(again).all():
            context.session.execute(insert(PluginSwitch).values(**mine, on=self.on))
        return [Trail("plugins.switched", unit.id, None, {"plugin": self.plugin, "on": is_on}, {"plugin": self.plugin, "on": self.on})]

    def _unit(self, context: Context) -> Place:
        found = place(context.session, self.unit_id)
        if found is None or not context.actor.access.allows("plugins", "view", found.path):
            raise NotFound
        if not context.actor.access.allows(*self.requires, found.path):
            raise NotAllowed(where=found.name)
        return found
