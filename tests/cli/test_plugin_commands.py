"""`bo x`: commands that plugins bring, and members from a table."""

import sys
from pathlib import Path

import click
import pytest

from tests.cli.conftest import Bo

HEAD = "First Name,Last Name,Email,Member Number,Joined,Active,Group Leader\n"


@pytest.fixture
def hall(bare: Bo, monkeypatch: pytest.MonkeyPatch) -> Bo:
    monkeypatch.setenv("BO_DEPLOYMENT", "ticketing")
    assert bare("demo", "--no-serve", "--users", "60").code == 0
    return bare


def table(folder: Path, *lines: str) -> str:
    file = folder / "members.csv"
    file.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8-sig")
    return str(file)


def members(bo: Bo) -> int:
    return int(bo("audit", "tail", "-n", "1000", "--event", "records.added", "--json").out.count('"records.added"'))


def test_members_are_imported_all_of_them_or_none(hall: Bo, tmp_path: Path) -> None:
    bad = table(tmp_path, "Ada,Abbot,ada@example.com,N-1,2020-01-01,yes,", "Ben,,no mail,N-2,,yes,", "Cy,,,N-1,2020,1,", "Di,Dee,,n-1,,,nobody")
    refused = hall("x", "ticketing", "import-members", bad, "--organization", "2")
    assert refused.code == 1 and "Traceback" not in refused.err
    assert refused.err.splitlines() == [
        "line 3: Last Name: Enter something here.",
        "line 3: Email: Enter an e-mail address in the form name@example.com.",
        "line 4: Last Name: Enter something here.",
        "line 4: Joined: Enter a date in the form 2026-12-31.",
        "line 5: Group Leader: Nobody who can do this here has that user name. Choose one of those on offer.",
        "Nothing was added: 3 of them cannot be. Correct these, then try again.",
    ]
    assert members(hall) == 0

    twice = table(tmp_path, "Ada,Abbot,,N-1,,,", "Ben,Box,,n-1,,,")
    assert "line 3: Member Number: Another one here has this already." in hall("x", "ticketing", "import-members", twice, "--organization", "2").err

    done = hall("x", "ticketing", "import-members", table(tmp_path, "Ada,Abbot,,N-1,,,", "Ben,Box,,N-2,,,"), "--organization", "2")
    assert (done.code, done.out) == (0, "2 members were added.\n")
    assert members(hall) == 2


UNREADABLE = (
    (b"First Name,Surname\nA,B\n", "2", "line 1: there is no column 'Surname'."),
    (b"Email,First Name,email\n,A,b@example.com\n", "2", "line 1: the column 'email' comes twice. Take one of the two out."),
    (b"First Name\n", "2", "has no line below the names of the columns."),
    (b"\xff\xfe\x00", "2", "is no table in CSV and UTF-8"),
    (b'First Name\n"A\n', "2", "is no table in CSV and UTF-8"),
    (b"First Name\nA,B\n", "2", "line 2: there are more values than columns."),
    (b"First Name\nA\n", "Nowhere", "There is no unit 'Nowhere'. Give its name or its id."),
    (b"First Name\nA\n", "1", "That place does not exist here."),
)


def test_what_cannot_be_read_is_a_sentence(hall: Bo, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    for content, organization, told in UNREADABLE:
        file.write_bytes(content)
        ran = hall("x", "ticketing", "import-members", str(file), "--organization", organization)
        assert ran.code == 1 and told in ran.err and "Traceback" not in ran.err, told


def test_the_commands_of_plugins_explain_themselves(hall: Bo) -> None:
    assert "ticketing" in hall("x", "--help").out
    assert "Add the members of a table" in hall("x", "ticketing", "--help").out
    assert "  bo x ticketing import-members friends.csv" in hall("x", "ticketing", "import-members", "--help").out
    assert hall("x", "nobody").code == 2


def test_a_command_that_fails_is_a_sentence_that_names_its_plugin(hall: Bo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_file: Path) -> None:
        raise ValueError("hunter2")

    monkeypatch.setattr(sys.modules["bo_panel_local.ticketing.importing"], "_read", fails)
    ran = hall("x", "ticketing", "import-members", table(tmp_path, "A,B,,,,,"), "--organization", "2")

    assert ran.code == 1 and "The plugin ticketing failed in its command: ValueError at importing.py:" in ran.err
    assert "hunter2" not in ran.err and "Traceback" not in ran.err


class Odd(click.ParamType):
    """A type of a plugin's own that fails."""

    name = "odd"

    def convert(self, value: object, param: object, ctx: object) -> object:
        """Fail, saying a secret."""
        raise ValueError(f"hunter2 {value}")


def of_option(monkeypatch: pytest.MonkeyPatch, part: str, value: object) -> None:
    command = sys.modules["bo_panel_local.ticketing.importing"].import_members
    [option] = [option for option in command.params if option.name == "organization"]
    monkeypatch.setattr(option, part, value)


@pytest.mark.parametrize(("part", "value"), [("type", Odd()), ("callback", lambda *_given: Odd().convert(1, None, None))], ids=["type", "callback"])
def test_an_option_that_fails_is_a_sentence_too(hall: Bo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, value: object) -> None:
    of_option(monkeypatch, part, value)
    ran = hall("x", "ticketing", "import-members", table(tmp_path, "A,B,,,,,"), "--organization", "2")

    assert ran.code == 1 and "The plugin ticketing failed in its command: ValueError at " in ran.err
    assert "hunter2" not in ran.err and "Traceback" not in ran.err


def test_the_table_of_a_plugin_that_is_gone_is_counted_and_in_the_way_of_nothing(
    bare: Bo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'shared.db'}")
    assert bare("-d", "ticketing", "demo", "--no-serve", "--users", "60").code == 0

    assert bare("-d", "retail", "users", "list", "--limit", "5").code == 0
    assert "tables: alembic_version_p_ticketing, p_ticketing_member" in bare("-d", "retail", "doctor").out
