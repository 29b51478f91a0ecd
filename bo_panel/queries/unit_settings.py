"""What is set of a unit, and a unit as plugins are told of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bo_panel.hooks.registry import Registry
from bo_panel.hooks.unit_contributions import UnitSnapshot
from bo_panel.models import Unit


class SetOfUnit(NamedTuple):
    """What is stored of the settings of a unit, whoever declared them; and the version that a form is filled with."""

    settings: Mapping[str, str]
    version: int
    name: str
    kind: str


def set_of(session: Session, unit_id: int) -> SetOfUnit | None:
    """Return what is set of a unit, or None; one statement."""
    row = session.execute(select(Unit.settings, Unit.version, Unit.name, Unit.kind).where(Unit.id == unit_id)).one_or_none()
    return SetOfUnit(*row) if row else None


def snapshot_of(session: Session, registry: Registry, unit_id: int, now: datetime) -> UnitSnapshot | None:
    """Return a unit with those of its settings that there are in this deployment, or None; one statement."""
    row = session.execute(select(Unit.name, Unit.kind, Unit.path, Unit.settings).where(Unit.id == unit_id)).one_or_none()
    if row is None:
        return None
    known = {setting.key: row.settings[setting.key] for setting in registry.settings_at(row.kind) if setting.key in row.settings}
    return UnitSnapshot(unit_id, row.name, row.kind, row.path, known, now)

