"""A database that cannot be used is told in one line, without a password."""

from pathlib import Path

import pytest

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.core_migrations import MIGRATIONS
from bo_panel.bootstrap.database import DatabaseError, database_url, make_engine
from bo_panel.bootstrap.migrations import connected, pending, upgrade
from bo_panel.settings import Settings, load

REVISIONS = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("*.py"))

ROOT = Path(__file__).parents[1] / "deployment"


def settings(url: str) -> Settings:
    return load("grove", {"DATABASE_URL": url}, root=ROOT)


def complaint(url: str) -> str:
    with pytest.raises(DatabaseError) as caught:
        connected(make_engine(settings(url))).close()
    told = str(caught.value)
    assert "\n" not in told and "hunter2" not in told
    return told


@pytest.mark.parametrize("url", ["nonsense", "", "postgresql://u:hunter2@host:port/x", "mysql://u:hunter2@host/x", "sqlite+aiosqlite:///x", "://"])
def test_an_address_that_nobody_can_use_is_explained(url: str) -> None:
    found = settings("sqlite://").model_copy(update={"database": settings("sqlite://").database.model_copy(update={"url": url})})
    with pytest.raises(DatabaseError, match="Use sqlite:///file or postgresql://user@host/name") as caught:
        database_url(found)
    assert "\n" not in str(caught.value) and "hunter2" not in str(caught.value)


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    told = complaint("postgresql://somebody:hunter2@127.0.0.1:1/nothing")
    assert "somebody:***@127.0.0.1:1/nothing" in told and "cannot be opened" in told


def test_an_option_that_nobody_knows_is_told_without_the_password() -> None:
    assert "cannot be opened" in complaint("postgresql://somebody:hunter2@127.0.0.1:1/nothing?nonsense=1")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert f"The folder {tmp_path}/file/below cannot be used" in complaint(f"sqlite:///{tmp_path}/file/below/x.db")
    assert "cannot be used" in complaint("sqlite:////proc/nobody/x.db")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("This is a letter, and a long one at that, to show that it is none of ours." * 9)
    assert "cannot be opened: file is not a database" in complaint(f"sqlite:///{tmp_path}/x.db")
    assert "cannot be opened" in complaint(f"sqlite:///{tmp_path}")


def test_a_missing_folder_is_made_and_an_empty_database_is_behind(tmp_path: Path) -> None:
    panel = Panel.start(settings(f"sqlite:///{tmp_path}/a/b/x.db"))
    assert pending(panel) == {"core": REVISIONS}
    assert upgrade(panel) == {"core": REVISIONS}
    assert pending(panel) == {}
    assert upgrade(panel) == {}
    panel.database.dispose()


def test_the_settings_do_not_show_the_address() -> None:
    assert "hunter2" not in repr(settings("postgresql://u:hunter2@host/x"))
