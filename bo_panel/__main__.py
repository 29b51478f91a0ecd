"""The process: `bo`, and `python -m bo_panel`."""

import sys

from flask import Flask

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.logging import configure_logging
from bo_panel.cli import run


def _web(panel: Panel) -> Flask:
    # Only the commands that serve wait for the web to be imported.
    from bo_panel.app import create_app

    return create_app(panel)


def main() -> None:
    """Run one command, and end the process with its exit code."""
    configure_logging()
    sys.exit(run(sys.argv[1:], _web))


if __name__ == "__main__":
    main()
