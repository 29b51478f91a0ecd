"""The columns that plugins add to the list of users: which of them somebody sees, and what is loaded of them for a page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from bo_panel.domain.access import Access
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.on_users import Column, Held, Listed, ListedUser
from bo_panel.queries.grants import HeldRole
from bo_panel.queries.reading import read_apart
from bo_panel.queries.shown_columns import with_columns
from bo_panel.queries.users import Wanted
from bo_panel.queries.visible import Scope
from bo_panel.web.current import me, panel, session
from bo_panel.web.listing import State

Loaded = Mapping[int, str] | None
"""What a plugin gave for the users of a page; None where it failed."""


class Shown(NamedTuple):
    """A column on a page, with what was loaded for it, where it is one that is loaded."""

    column: Column
    loaded: Loaded = None


def columns_in_sight(access: Access) -> Sequence[Column]:
    """Return the columns of plugins that somebody may see anywhere."""
    columns = panel().registry.columns
    return [column for column in columns.values() if column.needs is None or access.anywhere(*column.needs)] if columns else ()


def with_plugins(wanted: Wanted, state: State, columns: Sequence[Column]) -> Wanted:
    """Return what a state asks of the database, with what it asks of these columns of plugins."""
    least = tuple((column, int(state.filters[column.key][0])) for column in columns if column.key in state.filters)
    in_sight = {column.key for column in columns}
    return with_columns(replace(wanted, at_least=least), panel().registry, in_sight & set(state.columns))


def shown_of(columns: Sequence[Column], rows: Sequence[Any], held: Mapping[int, Sequence[HeldRole]], scope: Scope) -> Mapping[str, Shown]:
    """Return the columns of a page by their keys; each plugin is asked once for each that is loaded."""
    found: dict[str, Shown] = {}
    for column in columns:
        users = () if column.load is None else tuple(listed_user(row, held.get(row.id, ())) for row in rows if _sees(column, row, scope))
        found[column.key] = Shown(column, panel().host.loaded(column, Listed(users, partial(read_apart, session()))) if users else {})
    return found


def listed_user(row: Any, held: Sequence[HeldRole]) -> ListedUser:
    """Return a user as plugins are told of him, with what he holds in sight."""
    grants = tuple(Held(grant.role_key, grant.unit_id, grant.unit_name, grant.unit_kind) for grant in held)
    return ListedUser(row.id, row.user_name, row.home_id, row.home_name, row.home_kind, row.status, grants)


def _sees(column: Column, row: Any, scope: Scope) -> bool:
    path = UnitPath(row.home_path)
    return scope.covers(path) and (column.needs is None or me().access.allows(*column.needs, path))
