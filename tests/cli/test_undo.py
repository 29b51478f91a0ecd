"""`bo undo` and `bo worker`."""

import csv
import io
from pathlib import Path

from tests.cli.conftest import Bo


def change_set(bo: Bo) -> int:
    ran = bo("users", "disable", "--where", "signed_in=never,status=active", "--yes", "--json")
    assert ran.json["changed"] > 3
    found: int = ran.json["change_set"]
    return found


def test_what_was_done_is_taken_back_once(filled: Bo) -> None:
    done = change_set(filled)
    looked = filled("undo", str(done), "--dry-run", "--json")
    assert looked.json["changed"] > 3
    assert not looked.json["done"]

    taken_back = filled("undo", str(done), "--yes", "--json")
    again = filled("undo", str(done), "--yes")

    assert taken_back.code == 0
    assert taken_back.json["changed"] == looked.json["changed"]
    assert (again.code, "undone already" in again.err) == (1, True)
    assert filled("undo", str(taken_back.json["change_set"]), "--yes", "--json").json["changed"] == looked.json["changed"]


def test_who_was_changed_since_is_left_alone_and_told(filled: Bo, tmp_path: Path) -> None:
    done = change_set(filled)
    listed = filled("users", "list", "--where", "status=disabled,signed_in=never", "--json").json
    assert filled("users", "delete", str(listed[0]["id"]), "--yes").code == 0

    file = tmp_path / "left.csv"
    looked = filled("undo", str(done), "--dry-run", "--left-alone", str(file))
    before = file.read_text(encoding="utf-8")
    ran = filled("undo", str(done), "--yes", "--left-alone", str(file), "--reason", "by mistake")

    assert (looked.code, ran.code) == (1, 1)
    assert "undo.changed_since: 1" in ran.out
    told = f"{listed[0]['id']} {listed[0]['user_name']}, changed last by console, "
    assert told in looked.out
    assert told in ran.out
    (line,) = csv.DictReader(io.StringIO(before))
    assert (line["user_name"], line["code"], line["changed_by"]) == (listed[0]["user_name"], "undo.changed_since", "console")
    assert file.read_text(encoding="utf-8") == before


def test_a_change_that_does_not_exist_is_a_sentence(filled: Bo) -> None:
    ran = filled("undo", "999999", "--yes")

    assert (ran.code, "nothing here" in ran.err) == (1, True)


def test_a_worker_with_nothing_to_do_ends(filled: Bo) -> None:
    assert filled("worker", "--once").code == 0
