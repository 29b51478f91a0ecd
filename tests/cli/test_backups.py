"""`bo db backup` and `bo db restore`."""

import stat
from pathlib import Path

from tests.cli.conftest import Bo


def test_a_backup_is_made_and_put_back(filled: Bo, tmp_path: Path) -> None:
    file = tmp_path / "kept.zip"
    made = filled("db", "backup", str(file), "--json")
    assert (made.code, made.json["file"], made.json["counts"]["user"] >= 200) == (0, str(file), True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    people = len(filled("users", "list", "--where", "status=active", "--limit", "1000", "--json").json)
    filled("users", "disable", "--where", "status=active,signed_in=never", "--yes")

    restored = filled("db", "restore", str(file), "--yes")

    assert restored.code == 0
    assert f"{made.json['counts']['user']:,} users" in restored.out
    assert "before-restore" in restored.out
    assert len(filled("users", "list", "--where", "status=active", "--limit", "1000", "--json").json) == people


def test_without_a_name_it_goes_to_the_folder_of_the_deployment(filled: Bo, root: Path) -> None:
    ran = filled("db", "backup", "--no-compress")

    [file] = (root / "var" / "service_provider" / "backups").glob("*.zip")
    assert ran.code == 0
    assert ran.out.startswith(f"{file}: ")


def test_nothing_is_replaced_before_somebody_says_yes(filled: Bo, tmp_path: Path) -> None:
    file = tmp_path / "kept.zip"
    filled("db", "backup", str(file))

    ran = filled("db", "restore", str(file))

    assert (ran.code, "Nothing was done." in ran.err) == (1, True)


def test_what_is_no_backup_is_a_sentence(filled: Bo, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear all")

    for name, says in (("letter", "is no backup"), ("nothing", "There is no file")):
        ran = filled("db", "restore", str(tmp_path / name), "--yes")
        assert (ran.code, says in ran.err) == (2, True)


def test_a_backup_of_another_deployment_is_refused(filled: Bo, bare: Bo, tmp_path: Path) -> None:
    file = tmp_path / "kept.zip"
    filled("db", "backup", str(file))

    ran = bare("-d", "field_service", "db", "restore", str(file), "--yes")

    assert ran.code == 2
    assert "backup of the deployment service_provider, and this is field_service" in ran.err


def test_an_upgrade_of_what_holds_nothing_yet_needs_no_backup(bo: Bo, root: Path) -> None:
    ran = bo("db", "upgrade")

    assert (ran.code, ran.err) == (0, "")
    assert not (root / "var" / "service_provider" / "backups").exists()
