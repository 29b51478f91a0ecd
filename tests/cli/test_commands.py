"""What holds for every command."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest

from bo_panel.cli.entry import bo as group
from tests.cli.conftest import Bo


def every_command(command: click.Command, *names: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield names, command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from every_command(below, *names, name)


COMMANDS = dict(every_command(group))
SILENT = {("serve",), ("demo",), ("worker",)}
PRINTING = [names for names, command in COMMANDS.items() if not isinstance(command, click.Group) and names not in SILENT]


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_an_example(names: tuple[str, ...], bo: Bo) -> None:
    ran = bo(*names, "--help")

    assert ran.code == 0
    assert re.search(r"\n  Example:\n +bo ", ran.out)


@pytest.mark.parametrize("names", PRINTING, ids=" ".join)
def test_every_command_that_prints_data_prints_json(names: tuple[str, ...]) -> None:
    assert "--json" in {option for parameter in COMMANDS[names].params for option in parameter.opts}


def test_a_deployment_has_to_be_named_where_there_are_several(bare: Bo) -> None:
    ran = bare("db", "check")

    assert ran.code == 2
    assert "Say which deployment" in ran.err
    assert "service_provider" in ran.err


def test_an_unknown_deployment_is_a_sentence(bare: Bo) -> None:
    ran = bare("-d", "service_provder", "db", "check")

    assert ran.code == 2
    assert "Did you mean service_provider?" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("BO_SERVER__PORT", "high", "server.port: must be a valid integer"),
        ("BO_DEPLOYMENT__PLUGINS", "no_such_plugin", "no_such_plugin"),
        ("DATABASE_URL", "mysql://here/there", "DATABASE_URL names mysql"),
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing", "cannot be opened"),
    ],
)
def test_a_wrong_set_up_is_a_sentence(variable: str, value: str, says: str, bo: Bo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)

    ran = bo("db", "check")

    assert ran.code == 2
    assert says in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("arguments", [("nope",), ("db", "nope"), ("users", "list", "--limit", "0"), ("users", "disable"), ("serve", "--port", "0")])
def test_a_command_that_means_nothing_ends_with_two(arguments: tuple[str, ...], bo: Bo) -> None:
    ran = bo(*arguments)

    assert ran.code == 2
    assert ran.err.startswith("Usage:")


def test_the_tables_are_made_once(bo: Bo) -> None:
    assert bo("db", "check").code == 1
    assert bo("db", "upgrade", "--json").json["core"]
    assert bo("db", "upgrade").out == "Nothing was pending.\n"
    assert bo("db", "check").code == 0


def test_tables_of_another_version_are_a_sentence(bo: Bo, root: Path) -> None:
    bo("db", "upgrade")
    with closing(sqlite3.connect(root / "var" / "service_provider" / "bo_panel.db", isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    ran = bo("db", "check")

    assert ran.code == 2
    assert "by a newer bo_panel" in ran.err


def test_the_version_is_told(bo: Bo) -> None:
    assert set(bo("version", "--json").json) == {"bo_panel", "python"}


def test_what_is_not_up_to_date_is_neither_served_nor_listed(bo: Bo) -> None:
    for command in (("serve",), ("users", "list"), ("audit", "tail")):
        ran = bo(*command)

        assert ran.code == 2
        assert "bo -d service_provider db upgrade" in ran.err
