"""From settings to a panel that works: database, plugins, adapters."""

from bo_panel.bootstrap.panel import Panel

__all__ = ["Panel"]
