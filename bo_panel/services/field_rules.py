"""The rules about places that belong together, asked of everything that gives a role: of what is given, and of what is held then."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal_column, not_, or_, select
from sqlalchemy.orm import aliased

from bo_panel.domain.errors import PlacesApart
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.contributions import FieldRule
from bo_panel.hooks.registry import Registry
from bo_panel.models import Grant, Unit, User
from bo_panel.queries.sql import live, probe, within
from bo_panel.queries.units import Place
from bo_panel.services.engine.context import Context


def check_together(registry: Registry, role: str, places: Sequence[Place]) -> None:
    """Raise PlacesApart, about the field of the smaller places, where these cannot all be places of one role."""
    for rule in registry.rules_for(role):
        small = [place for place in places if place.kind == rule.unit_kind]
        for field in {_field(place) for place in small}:
            beside = [place for place in places if field.covers(place.path)]
            if len({place.path.ids[-2] if place.kind == rule.unit_kind else None for place in beside}) > 1:
                raise PlacesApart(f"units:{rule.unit_kind}", reason=rule.reason)


def held_apart(context: Context, role: str, places: Sequence[Place], leaving: Iterable[int]) -> ColumnElement[bool] | None:
    """Return the condition on `user` that he holds the role where it does not go with these places; None where no rule asks.

    `leaving` are the units where it is taken in the same transaction.
    """
    held, there, above = aliased(Grant), aliased(Unit), aliased(Unit)
    apart = [condition for rule in context.registry.rules_for(role) for condition in _apart(rule, places, there, above)]
    if not apart:
        return None
    rows: Select[Any] = (
        select(literal_column("1"))
        .select_from(held)
        .join(there, there.id == held.unit_id)
        .outerjoin(above, above.id == there.parent_id)
        .where(held.user_id == User.id, held.role_key == role, live(held.expires_at, context.now))
        .where(held.unit_id.not_in(sorted(leaving)), or_(*apart))
    )
    return probe(rows.correlate(User), context.name)


def _field(small: Place) -> UnitPath:
    """Return the unit in which the larger places are chosen; a rule says nothing about what lies outside."""
    return UnitPath.of(*small.path.ids[:-2])


def _apart(rule: FieldRule, places: Sequence[Place], there: type[Unit], above: type[Unit]) -> Iterator[ColumnElement[bool]]:
    for place in places:
        if place.kind == rule.unit_kind:
            beside = and_(there.kind == rule.unit_kind, there.parent_id == place.path.ids[-2])
            yield and_(within(there.path, (_field(place),)), not_(beside))
        else:
            yield and_(there.kind == rule.unit_kind, above.parent_id.in_(place.path.ids))
