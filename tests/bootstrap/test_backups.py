"""Backups: made while others write, whole, private, put back all or nothing, and refused where they do not belong."""

import json
import os
import re
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import func, select, text

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.backups import backup, last_backup, restore
from bo_panel.bootstrap.backups.archive import Manifest
from bo_panel.bootstrap.backups.sqlite import put_back
from bo_panel.bootstrap.database import DatabaseError, make_engine
from bo_panel.domain.lifecycle import DISABLE, ENABLE
from bo_panel.models import AuditEvent, User
from bo_panel.queries.users import Wanted
from bo_panel.services.changes import MoveUsers
from bo_panel.services.engine import Matching
from bo_panel.testing import World
from tests.bootstrap.programs import need_programs

PEOPLE = 40


@pytest.fixture
def kept(panel: Panel, tmp_path: Path) -> Panel:
    """A panel with some people, whose backups go to a folder of the test's own, and that no session is open in."""
    need_programs(panel)
    settings = panel.settings.model_copy()
    settings._root = tmp_path / "root"
    found = replace(panel, settings=settings)
    with found.session() as session:
        world = World(found, session)
        for number in range(PEOPLE):
            world.user(f"person.{number}")
    return found


def change_everybody(panel: Panel, times: int = 1, stop: Event | None = None) -> None:
    with panel.session() as session:
        world = World(panel, session)
        for number in range(times):
            if stop is not None and stop.is_set():
                return
            world.run(MoveUsers(move=(DISABLE, ENABLE)[number % 2]), selection=Matching(Wanted()))


def people(panel: Panel) -> int:
    with panel.session() as session:
        return session.scalar(select(func.count()).select_from(User)) or 0


def versions_and_trail(panel: Panel) -> tuple[int, int]:
    """Return how often the accounts say that they were changed, and how often the trail says so."""
    with panel.session() as session:
        versions = session.scalar(select(func.sum(User.version - 1))) or 0
        return int(versions), session.scalar(select(func.count()).where(AuditEvent.event.like("users.%"))) or 0


@pytest.fixture
def writer(kept: Panel) -> Iterator[Callable[[], None]]:
    """Somebody who changes everybody again and again until he is told to stop."""
    stop = Event()
    thread = Thread(target=change_everybody, args=(kept, 10_000, stop))
    thread.start()

    def ended() -> None:
        stop.set()
        thread.join()

    yield ended
    ended()


def test_a_backup_made_while_somebody_writes_is_one_moment_of_it(kept: Panel, writer: Callable[[], None]) -> None:
    made = [backup(kept) for _ in range(3)]
    writer()
    after = versions_and_trail(kept)

    for each in made:
        restore(kept, each.file)
        versions, trail = versions_and_trail(kept)
        assert versions == trail <= after[1]
        assert trail == each.manifest.counts["audit_event"]
        assert people(kept) == each.manifest.counts["user"] == PEOPLE


def test_what_was_there_before_is_kept_and_can_be_put_back_too(kept: Panel) -> None:
    early = backup(kept)
    change_everybody(kept, 2)
    late = versions_and_trail(kept)

    done = restore(kept, early.file)
    assert versions_and_trail(kept) == (0, 0)
    assert done.before is not None and "before-restore" in done.before.name
    restore(kept, done.before)

    assert versions_and_trail(kept) == late == (2 * PEOPLE, 2 * PEOPLE)
    change_everybody(kept)  # and the panel can be used
    assert versions_and_trail(kept) == (3 * PEOPLE, 3 * PEOPLE)


@pytest.mark.parametrize("compress", [True, False])
def test_it_is_one_private_file_and_nothing_is_left_beside_it(kept: Panel, tmp_path: Path, compress: bool) -> None:
    made = backup(kept, tmp_path / "there" / "copy.zip", compress=compress)

    assert made.file == tmp_path / "there" / "copy.zip"
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert [path.name for path in made.file.parent.iterdir()] == ["copy.zip"]
    assert Manifest.read(made.file) == made.manifest
    assert made.manifest.revisions["core"] and made.manifest.deployment == "grove"
    restore(kept, made.file)


def test_it_is_written_to_a_new_file_and_never_through_one_that_waits_there(kept: Panel, tmp_path: Path) -> None:
    for name in (".copy.zip.part", "copy.zip.part"):
        (tmp_path / name).symlink_to(tmp_path / "letter")
    (tmp_path / "letter").write_text("Dear all")

    made = backup(kept, tmp_path / "copy.zip")

    assert (tmp_path / "letter").read_text() == "Dear all"
    assert not made.file.is_symlink()
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert Manifest.read(made.file) == made.manifest


def test_when_the_last_one_was_made_is_known_wherever_it_went(kept: Panel, tmp_path: Path) -> None:
    assert last_backup(kept.settings) is None
    backup(kept, tmp_path / "elsewhere.zip")
    assert last_backup(kept.settings) is not None


def test_backups_of_one_second_have_names_of_their_own_and_none_is_written_over(kept: Panel) -> None:
    first, second = backup(kept), backup(kept)

    assert re.fullmatch(r"grove-20260301T120000Z\.zip", first.file.name)
    assert second.file.name == "grove-20260301T120000Z-1.zip"
    with pytest.raises(DatabaseError, match="exists, and stays as it is"):
        backup(kept, first.file)


def test_a_folder_that_cannot_be_written_is_told_in_a_line(kept: Panel, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("")

    with pytest.raises(DatabaseError, match="cannot be written") as caught:
        backup(kept, tmp_path / "letter" / "copy.zip")

    assert "\n" not in str(caught.value)


def altered(file: Path, **changes: object) -> Path:
    """Return a copy of a backup with another manifest."""
    other = file.with_name("other.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        new.writestr("manifest.json", json.dumps({**json.loads(old.read("manifest.json")), **changes}))
        new.writestr("database", old.read("database"))
    return other


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"deployment": "meadow"}, "backup of the deployment meadow, and this is grove"),
        ({"backend": "oracle"}, "backup of a oracle database"),
        ({"revisions": {"core": ["9999"]}}, "newer than this program. Install that version again"),
        ({"format": 2}, "made by a newer bo_panel"),
        ({"sha256": "0" * 64}, "is broken: the copy in it is not the one that was made"),
        ({"surprise": 1}, "is no backup"),
    ],
)
def test_what_does_not_belong_here_is_refused_and_nothing_is_done(kept: Panel, changes: dict[str, object], says: str) -> None:
    made = backup(kept)
    change_everybody(kept)

    with pytest.raises(DatabaseError, match=says) as caught:
        restore(kept, altered(made.file, **changes))

    assert "\n" not in str(caught.value)
    assert versions_and_trail(kept) == (PEOPLE, PEOPLE)


def test_a_file_that_is_no_backup_is_refused(kept: Panel, tmp_path: Path) -> None:
    letter, archive, damaged = tmp_path / "letter", tmp_path / "archive.zip", tmp_path / "damaged.zip"
    letter.write_text("Dear all")
    with zipfile.ZipFile(archive, "w") as empty:
        empty.writestr("letter", "Dear all")
    whole = backup(kept, compress=False).file.read_bytes()
    middle = len(whole) // 2
    damaged.write_bytes(whole[:middle] + b"\xa5" * 100 + whole[middle + 100 :])
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[:middle])

    for file, says in ((letter, "is no backup"), (archive, "is no backup"), (cut, "is no backup"), (damaged, "is broken"), (tmp_path, "read")):
        with pytest.raises(DatabaseError, match=says):
            restore(kept, file)
    with pytest.raises(DatabaseError, match="There is no file"):
        restore(kept, tmp_path / "nothing.zip")


def test_nothing_is_restored_while_somebody_uses_the_panel(kept: Panel) -> None:
    made = backup(kept)
    change_everybody(kept)
    other = replace(kept, database=make_engine(kept.settings))
    with other.session() as session:
        assert session.scalar(select(func.count()).select_from(User)) == PEOPLE

    with pytest.raises(DatabaseError, match="in use"):
        restore(kept, made.file)  # the other one idles, but is connected

    other.database.dispose()
    assert versions_and_trail(kept) == (PEOPLE, PEOPLE)
    restore(kept, made.file)
    assert versions_and_trail(kept) == (0, 0)


def test_a_server_without_its_programs_is_told_in_a_line(kept: Panel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = backup(kept)
    monkeypatch.setenv("PATH", str(tmp_path))
    if kept.database.dialect.name == "sqlite":
        restore(kept, made.file)  # nothing is needed
        return

    with pytest.raises(DatabaseError, match="pg_dump is not installed"):
        backup(kept)
    with pytest.raises(DatabaseError, match="pg_restore and psql is not installed"):
        restore(kept, made.file)


SPOILT = """#!/bin/sh
{program} "$@" || exit 1
for each in "$@"; do
    case $each in --file=*) echo 'SELECT 1/0;' >> "${{each#--file=}}" ;; esac
done
"""
"""Puts a statement that fails behind everything that is to be restored."""


def test_what_cannot_be_put_back_to_its_end_leaves_everything_as_it_was(kept: Panel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = backup(kept, compress=False)
    change_everybody(kept)
    if kept.database.dialect.name == "postgresql":
        program = tmp_path / "pg_restore"
        program.write_text(SPOILT.format(program=shutil.which("pg_restore")))
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        with pytest.raises(DatabaseError, match=r"psql failed: .*division by zero"):
            restore(kept, made.file)
    else:
        with zipfile.ZipFile(made.file) as archive:
            whole = archive.read("database")
        (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
        kept.database.dispose()
        with pytest.raises(DatabaseError, match="It is as it was"):
            put_back(tmp_path / "half", Path(str(kept.database.url.database)))

    assert versions_and_trail(kept) == (PEOPLE, PEOPLE)


def test_an_empty_database_takes_a_backup_and_keeps_nothing(kept: Panel, tmp_path: Path) -> None:
    made = backup(kept)
    if kept.database.dialect.name == "postgresql":
        with kept.database.connect() as connection, connection.begin():
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        assert restore(kept, made.file).before is None
        assert people(kept) == PEOPLE
        return
    settings = kept.settings.model_copy(update={"database": kept.settings.database.model_copy(update={"url": f"sqlite:///{tmp_path}/new.db"})})
    settings._root = tmp_path / "new"
    fresh = replace(kept, settings=settings, database=make_engine(settings))

    done = restore(fresh, made.file)

    assert done.before is None
    assert people(fresh) == PEOPLE
    fresh.database.dispose()
    assert stat.S_IMODE((tmp_path / "new.db").stat().st_mode) == 0o600
