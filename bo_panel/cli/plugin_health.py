"""What `bo doctor` says of how the plugins fare: what they find themselves, and where they failed of late."""

from bo_panel.bootstrap.faults import keep_faults
from bo_panel.bootstrap.migrations import connected
from bo_panel.cli.finding import Finding
from bo_panel.cli.workplace import Workplace
from bo_panel.hooks.contributions import Level
from bo_panel.hooks.migrations import orphans
from bo_panel.queries.left_behind import left_behind
from bo_panel.queries.plugin_errors import failing


def plugin_health(workplace: Workplace) -> Finding:
    """Return what is wrong with plugins, in the order in which they are asked; none of it stops the panel."""
    panel = workplace.panel()
    said = []
    for plugin in panel.registry.plugins:
        found = panel.host.examine(plugin.name)
        said += [f"{plugin.name}: {finding.text}" for finding in found if finding.level is not Level.OK]
    keep_faults(panel)
    with panel.session() as session:
        failed = failing(session, panel.clock.now())
    for name, places in ((plugin.name, failed[plugin.name]) for plugin in panel.registry.plugins if plugin.name in failed):
        said.append(f"{name} failed in {places} place{'s' if places > 1 else ''} in the last day: the page Plugins says where, the log why")
    return Finding("health", "warn" if said else "ok", "; ".join(said) or "no plugin failed lately")


def left_by_plugins(workplace: Workplace) -> Finding:
    """Return what plugins that are no longer installed left in the database."""
    panel = workplace.panel()
    with panel.session() as session:
        found = left_behind(session, panel.registry)
    with connected(panel.database) as connection:
        tables = orphans(connection, panel.registry.plugins)
    counts = (
        (found.grants, "grants of roles"),
        (found.units, "units of kinds"),
        (found.settings, "settings of units"),
        (found.values, "values of profile fields"),
        (found.features, "features of units"),
        (found.switches, "switches of plugins at units"),
    )
    said = [f"{what}: {count}" for count, what in counts if count]
    if tables:
        said.append(f"tables: {', '.join(tables)}")
    if not said:
        return Finding("left behind", "ok", "nothing is left of plugins that are not installed")
    return Finding("left behind", "warn", f"{'; '.join(said)}, which nobody declares any more. It does nothing; list the plugin again to use it")
