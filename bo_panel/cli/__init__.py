"""The command line: parses, runs one change or one query, prints."""

from bo_panel.cli.entry import run

__all__ = ["run"]
