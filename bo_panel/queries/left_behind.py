"""What plugins that are no longer installed left behind: it does nothing, and is still there."""

from typing import Any, NamedTuple

from sqlalchemy import Select, Text, cast, func, select, true
from sqlalchemy.orm import Session

from bo_panel.hooks.registry import Registry
from bo_panel.models import Grant, OwnField, PluginSwitch, Role, Unit, UnitFeature, User


class LeftBehind(NamedTuple):
    """How much there is that nobody declares any more."""

    grants: int
    """Grants of roles."""
    units: int
    """Units of kinds."""
    settings: int
    """Settings of units."""
    values: int
    """Values of profile fields."""
    features: int
    """Features switched at units."""
    switches: int
    """Plugins switched on or off at units."""


def left_behind(session: Session, registry: Registry) -> LeftBehind:
    """Return how much there is; one statement."""
    unknown = select(func.count()).select_from(Grant).where(Grant.role_key.not_in([*registry.roles]), Grant.role_key.not_in(select(Role.key)))
    units = select(func.count()).select_from(Unit).where(Unit.kind.not_in([*registry.kinds]))
    features = select(func.count()).select_from(UnitFeature).where(UnitFeature.key.not_in([*registry.features]))
    switches = select(func.count()).select_from(PluginSwitch).where(PluginSwitch.plugin.not_in([plugin.name for plugin in registry.plugins]))
    each = (unknown, units, _settings(registry), _values(registry), features, switches)
    return LeftBehind(*session.execute(select(*(count.scalar_subquery() for count in each))).one())


def _settings(registry: Registry) -> Select[Any]:
    """Return the count of what units hold in settings that no plugin declares."""
    held = func.json_each(Unit.settings).table_valued("key")
    rows = select(func.count()).select_from(Unit).join(held, true())
    return rows.where(cast(Unit.settings, Text) != "{}", held.c.key.not_in([*registry.unit_settings]))


def _values(registry: Registry) -> Select[Any]:
    """Return the count of what profiles hold in fields that neither a plugin declares nor a unit owns, those included that it removed."""
    held = func.json_each(User.profile).table_valued("key")
    rows = select(func.count()).select_from(User).join(held, true())
    return rows.where(cast(User.profile, Text) != "{}", held.c.key.not_in([*registry.profile_fields]), held.c.key.not_in(select(OwnField.key)))
