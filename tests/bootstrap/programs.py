"""What the tests of backups need beside Python."""

import pytest

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.backups.postgresql import has_programs
from tests.conftest import STRICT


def need_programs(panel: Panel) -> None:
    """Skip, or fail where nothing may be skipped, when a server is to be kept and its programs are missing."""
    if panel.database.dialect.name == "postgresql" and not has_programs("pg_dump", "pg_restore", "psql"):
        (pytest.fail if STRICT else pytest.skip)("pg_dump, pg_restore and psql are not installed")
