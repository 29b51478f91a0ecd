"""`bo` as a process of its own, in a folder of its own: `python -m tests.faults.process FOLDER worker`.

BO_TEST_PAGES names a file that says how many pages SQLite may use: a disk that is full until the file says otherwise.
"""

import os
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.logging import configure_logging
from bo_panel.cli import run


def no_web(_panel: Panel) -> None:
    raise AssertionError("this process serves nothing")


def cramp(pages: Path) -> None:
    def limit(connection: Any) -> None:
        connection.connection.dbapi_connection.execute(f"PRAGMA max_page_count={int(pages.read_text())}")

    event.listen(Engine, "begin", limit)


if __name__ == "__main__":
    configure_logging()
    if "BO_TEST_PAGES" in os.environ:
        cramp(Path(os.environ["BO_TEST_PAGES"]))
    sys.exit(run(sys.argv[2:], no_web, Path(sys.argv[1])))
