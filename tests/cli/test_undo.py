"""`bo undo` and `bo worker`."""

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


def test_who_was_changed_since_is_left_alone_and_told(filled: Bo) -> None:
    done = change_set(filled)
    listed = filled("users", "list", "--where", "status=disabled,signed_in=never", "--json").json
    assert filled("users", "delete", str(listed[0]["id"]), "--yes").code == 0

    ran = filled("undo", str(done), "--yes")

    assert ran.code == 1
    assert "undo.changed_since: 1" in ran.out


def test_a_change_that_does_not_exist_is_a_sentence(filled: Bo) -> None:
    ran = filled("undo", "999999", "--yes")

    assert (ran.code, "nothing here" in ran.err) == (1, True)


def test_a_worker_with_nothing_to_do_ends(filled: Bo) -> None:
    assert filled("worker", "--once").code == 0
