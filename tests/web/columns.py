"""Columns in the place of those of plugins, and what is noted where one fails."""

from dataclasses import replace

from bo_panel.hooks.on_users import Column
from bo_panel.queries.plugin_errors import failures
from tests.browsing import Visitor
from tests.site import Site, application


def with_column(site: Site, column: Column) -> Visitor:
    """Return Alma's browser in a panel with one column in the place of those of plugins."""
    return with_columns(site, column)


def with_columns(site: Site, *columns: Column) -> Visitor:
    """Return Alma's browser in a panel with these columns in the place of those of plugins."""
    host = replace(site.panel.host, registry=replace(site.panel.registry, columns={column.key: column for column in columns}))
    site.others.append(application(replace(site.panel, host=host)))
    return signed_in(site)


def signed_in(site: Site) -> Visitor:
    visitor = Visitor(site.others[-1])
    visitor.sign_in("alma@fixit.example")
    return visitor


def noted(site: Site) -> list[tuple[str, str]]:
    site.world.session.rollback()
    return [(row.plugin, row.hook) for row in failures(site.world.session)]
