"""Which features are on where: switched at a unit, they hold there and beneath, until they are switched otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import RLock

from cachetools import LRUCache, cached
from cachetools.keys import hashkey
from sqlalchemy import ColumnElement, case, false, literal, select
from sqlalchemy.orm import Session

from bo_panel.domain.units import UnitPath
from bo_panel.models import Unit, UnitFeature
from bo_panel.queries.sql import within


@dataclass(frozen=True, slots=True, eq=False)
class FeatureBook:
    """Where each feature is switched on or off, by the id of the unit; what is switched nowhere is off."""

    switched: Mapping[tuple[str, int], bool] = field(default_factory=dict)

    def decided_at(self, key: str, path: UnitPath) -> int | None:
        """Return the unit at or above a path that decides about a feature; None where none does."""
        return next((unit_id for unit_id in reversed(path.ids) if (key, unit_id) in self.switched), None)

    def is_on(self, key: str, path: UnitPath) -> bool:
        """Return whether a feature is on at a unit."""
        decided = self.decided_at(key, path)
        return decided is not None and self.switched[key, decided]


NOTHING = FeatureBook()


def feature_book(session: Session) -> FeatureBook:
    """Return the book of all features; one statement."""
    rows = session.execute(select(UnitFeature.key, UnitFeature.unit_id, UnitFeature.enabled))
    return FeatureBook({(row.key, row.unit_id): row.enabled for row in rows})


def kept_feature_book(session: Session, version: int | None) -> FeatureBook:
    """Return the same; no statement where it was read at this version of the configuration, or nothing was ever set up."""
    return NOTHING if version is None else _kept(session, version)


def switched_on(session: Session, key: str, unit: type[Unit]) -> ColumnElement[bool]:
    """Return the condition that a feature is on at a unit; one statement finds out where it is switched."""
    rows = session.execute(select(Unit.path, UnitFeature.enabled).join(Unit, Unit.id == UnitFeature.unit_id).where(UnitFeature.key == key))
    nearest_first = sorted(((UnitPath(row.path), row.enabled) for row in rows), key=lambda found: -len(found[0].ids))
    cases = [(within(unit.path, (path,)), literal(enabled)) for path, enabled in nearest_first]
    return case(*cases, else_=false()) if cases else false()


@cached(LRUCache(maxsize=4), key=lambda session, version: hashkey(id(session.get_bind()), version), lock=RLock())
def _kept(session: Session, version: int) -> FeatureBook:
    del version
    return feature_book(session)
