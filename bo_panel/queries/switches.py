"""Where plugins are switched off: at a unit and at everything beneath it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from bo_panel.domain.units import UnitPath
from bo_panel.hooks.registry import Registry
from bo_panel.models import PluginSwitch, Unit
from bo_panel.queries.units import Place


@dataclass(frozen=True, slots=True)
class Switches:
    """The plugins that are off somewhere, each with the ids of the units."""

    off: tuple[tuple[str, frozenset[int]], ...] = ()

    def is_off(self, plugin: str, path: UnitPath) -> bool:
        """Return whether a plugin is off at a unit: there, or somewhere above."""
        return any(name == plugin and not units.isdisjoint(path.ids) for name, units in self.off)

    def hides(self, role: str, path: UnitPath) -> bool:
        """Return whether a role is not offered at a unit, since its plugin is off there."""
        return bool(self.off) and self.is_off(_plugin_of(role), path)

    def hiding(self, role: str) -> frozenset[int]:
        """Return the units at which, and beneath which, a role is not offered."""
        return frozenset(unit_id for name, units in self.off if name == _plugin_of(role) for unit_id in units)


def _plugin_of(role: str) -> str:
    return role.rpartition(":")[2].partition(".")[0]


EVERYTHING_ON = Switches()


def switches(session: Session, registry: Registry) -> Switches:
    """Return where plugins are off; no statement where none of them can be switched, else one."""
    plugins = registry.switchable
    if not plugins:
        return EVERYTHING_ON
    rows = session.execute(select(PluginSwitch.plugin, PluginSwitch.unit_id).where(PluginSwitch.plugin.in_(plugins), PluginSwitch.on.is_(False)))
    return _switches(frozenset((row.plugin, row.unit_id) for row in rows))


def homes_off(session: Session, registry: Registry, unit_ids: Collection[int]) -> Mapping[str, frozenset[int]]:
    """Return at which of these units each plugin is off; no statement where none of them can be switched, else two at most."""
    found = switches(session, registry)
    if not found.off:
        return {}
    rows = session.execute(select(Unit.id, Unit.path).where(Unit.id.in_(sorted(unit_ids)))).all()
    paths = [(row.id, UnitPath(row.path)) for row in rows]
    return {plugin: frozenset(unit_id for unit_id, path in paths if found.is_off(plugin, path)) for plugin, _units in found.off}


def units_off(session: Session, plugin: str) -> Sequence[Place]:
    """Return the units at which a plugin was switched off, by name; one statement."""
    rows = select(Unit.id, Unit.name, Unit.kind, Unit.path).join(PluginSwitch, PluginSwitch.unit_id == Unit.id)
    found = session.execute(rows.where(PluginSwitch.plugin == plugin, PluginSwitch.on.is_(False)).order_by(Unit.sort_name, Unit.id))
    return [Place(row.id, row.name, row.kind, UnitPath(row.path)) for row in found]


@lru_cache(maxsize=50)
def _switches(rows: frozenset[tuple[str, int]]) -> Switches:
    plugins = sorted({plugin for plugin, _unit_id in rows})
    return Switches(tuple((plugin, frozenset(unit_id for name, unit_id in rows if name == plugin)) for plugin in plugins))
