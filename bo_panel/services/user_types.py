"""Which types and toggles go together, asked of everything that gives one of them: an account has one type, and toggles that go with it."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, not_, select
from sqlalchemy.orm import aliased

from bo_panel.domain.access import TYPE
from bo_panel.domain.errors import OneType, Refusal, ToggleApart
from bo_panel.hooks.registry import Registry
from bo_panel.models import Grant, User
from bo_panel.queries.sql import live, probe
from bo_panel.services.engine.context import Context


def check_toggles(registry: Registry, role: str, toggles: Collection[str]) -> None:
    """Raise ToggleApart where one of these toggles does not go with a type."""
    if not all(registry.goes_with(toggle, role) for toggle in toggles):
        raise ToggleApart("toggles")


def held_otherwise(context: Context, role: str, leaving: Collection[str]) -> Iterator[tuple[ColumnElement[bool], type[Refusal]]]:
    """Yield the conditions on `user` under which a type or a toggle does not go with what he holds.

    `leaving` are the roles that are taken in the same transaction.
    """
    registry = context.registry
    if role in registry.types:
        others = registry.types.keys() - {role, *leaving}
        apart = {toggle for toggle in registry.toggles if not registry.goes_with(toggle, role)} - set(leaving)
        for keys, refusal in ((others, OneType), (apart, ToggleApart)):
            if keys:
                yield _holds(context, keys), refusal
    elif role in registry.toggles and registry.toggles[role].user_types:
        yield not_(_holds(context, {TYPE + key for key in registry.toggles[role].user_types})), ToggleApart


def _holds(context: Context, keys: Collection[str]) -> ColumnElement[bool]:
    held = aliased(Grant)
    rows: Select[Any] = select(literal_column("1")).select_from(held)
    rows = rows.where(held.user_id == User.id, held.role_key.in_(sorted(keys)), live(held.expires_at, context.now))
    return probe(rows.correlate(User), context.name)
