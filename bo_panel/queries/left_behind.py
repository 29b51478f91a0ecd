"""What plugins that are no longer installed left behind: it does nothing, and is still there."""

from typing import Any, NamedTuple

from sqlalchemy import Select, Text, cast, func, select, true
from sqlalchemy.orm import Session

from bo_panel.hooks.registry import Registry
from bo_panel.models import Grant, OwnField, Role, Unit, User


class LeftBehind(NamedTuple):
    """How many grants of roles, units of kinds, settings of units, and values of profile fields nobody declares any more."""

    grants: int
    units: int
    settings: int
    values: int


def left_behind(session: Session, registry: Registry) -> LeftBehind:
    """Return how much there is; one statement."""
    unknown = select(func.count()).select_from(Grant).where(Grant.role_key.not_in([*registry.roles]), Grant.role_key.not_in(select(Role.key)))
    units = select(func.count()).select_from(Unit).where(Unit.kind.not_in([*registry.kinds]))
    each = (unknown, units, _settings(registry), _values(registry))
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
