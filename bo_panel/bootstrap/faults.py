"""Writes down where plugins failed, at the end of whatever they failed in."""

from bo_panel.bootstrap.panel import Panel
from bo_panel.services import plugin_errors


def keep_faults(panel: Panel) -> None:
    """Write down where plugins of this panel failed of late; never a reason to fail itself."""
    if panel.host.faults:
        with panel.session() as session:
            plugin_errors.keep_faults(session, panel.host.faults, panel.clock.now())
