"""What a list has to ask for the columns of plugins that it shows, or is sorted by."""

from collections.abc import Collection
from dataclasses import replace

from bo_panel.domain.errors import ColumnGone
from bo_panel.hooks.registry import Registry
from bo_panel.queries.profile_fields import key_of
from bo_panel.queries.users import SORTS, Wanted


def with_columns(wanted: Wanted, registry: Registry, keys: Collection[str]) -> Wanted:
    """Return what is wanted with the columns of plugins among these, and the one that it is sorted by; raise ColumnGone for one that is gone."""
    by = registry.columns.get(wanted.order.key)
    gone = [key for key in keys if "." in key and not key_of(key) and key not in registry.columns]
    if gone or (by is None and wanted.order.key not in SORTS):
        raise ColumnGone(name=[*gone, wanted.order.key][0])
    columns = tuple(column for key, column in registry.columns.items() if key in keys and column.sql)
    return replace(wanted, columns=columns, sorted_by=by)
