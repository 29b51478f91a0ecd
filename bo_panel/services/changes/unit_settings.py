"""Setting what holds for a unit as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from bo_panel.domain.errors import StaleUnit, UnknownField
from bo_panel.domain.profile_fields import PROFILE
from bo_panel.models import Unit
from bo_panel.services.changes.profile_values import checked_values
from bo_panel.services.changes.units import place_held
from bo_panel.services.engine import Context, Needs, SingleChange, Trail

SETTING = "setting:"
"""Before the key of a setting on the trail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditUnitSettings(SingleChange):
    """Set some of the settings of a unit, or take them away; those that are not named stay, and so does what a plugin left behind.

    `expected_version` is what a form was filled with; a unit that somebody else changed since is refused as stale.
    """

    unit_id: int
    settings: Mapping[str, str | None]
    expected_version: int | None = None

    key = "units.settings"
    requires = Needs("units", "edit")

    def notice(self) -> Mapping[str, Any]:
        """Return the unit and what is set."""
        return {"unit": self.unit_id, "settings": dict(self.settings)}

    def run(self, context: Context) -> Sequence[Trail]:
        """Set it, unless it is so already; raise, about the field, for a setting that there is not and for a value that it does not take."""
        unit = place_held(context, self.unit_id, self.requires)
        held = select(Unit.settings, Unit.version).where(Unit.id == unit.id).with_for_update(key_share=True)
        before, version = context.session.execute(held).one()
        if self.expected_version not in (None, version):
            raise StaleUnit
        known = {setting.key: setting.field for setting in context.registry.settings_at(unit.kind)}
        for key in self.settings:
            if key not in known:
                raise UnknownField(PROFILE + key, name=key[:80])
        named = [field for key, field in known.items() if key in self.settings]
        stored = checked_values(context.rules.phone_region, named, self.settings)
        changed = {key: value for key, value in stored.items() if value != before.get(key)}
        if not changed:
            return []
        after = {key: value for key, value in {**before, **changed}.items() if value is not None}
        context.session.execute(update(Unit).where(Unit.id == unit.id).values(settings=after, version=Unit.version + 1))
        told = [{SETTING + key: of.get(key) for key in changed} for of in (before, changed)]
        return [Trail("units.settings_edited", unit.id, None, *told)]
