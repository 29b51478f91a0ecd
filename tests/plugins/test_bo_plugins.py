"""`bo plugins list` and `bo plugins show`."""

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from bo_panel.bootstrap.database import DatabaseError
from bo_panel.cli.plugins import plugins
from bo_panel.hooks.hookspecs import EVERY_HOOK
from bo_panel.hooks.host import Host
from bo_panel.settings import Settings, load


def run(*arguments: str, settings: Settings | None = None) -> Result:
    def no_database() -> None:
        raise DatabaseError("there is none")

    found = SimpleNamespace(registry=lambda: Host.compile(settings or load("event_tickets", {})).registry, panel=no_database)
    return CliRunner().invoke(plugins, arguments, obj=found, terminal_width=100)


def test_the_list_names_each_plugin() -> None:
    assert "event_tickets" in run("list").output
    assert [(plugin["name"], plugin["health"]) for plugin in json.loads(run("list", "--json").output)] == [("event_tickets", "not known")]


def test_a_deployment_without_plugins_says_so() -> None:
    assert run("list", settings=Settings()).output == "This deployment lists no plugins.\n"
    assert json.loads(run("list", "--json", settings=Settings()).output) == []


def test_show_tells_what_a_plugin_brings() -> None:
    told = json.loads(run("show", "event_tickets", "--json").output)

    assert told["source"] == "plugins/event_tickets"
    assert [kind["label"] for kind in told["unit_kinds"]] == ["Client", "Event"]
    assert [preset["label"] for preset in told["presets"]][-1] == "Door staff"
    assert "Door staff" in run("show", "event_tickets").output


def test_an_unknown_plugin_is_a_mistake_with_a_hint() -> None:
    result = run("show", "event_ticket")

    assert result.exit_code == 2
    assert "This deployment has no plugin 'event_ticket'. Did you mean event_tickets?" in result.output


@pytest.mark.parametrize("arguments", [[], ["list"], ["show"], ["hooks"], ["conflicts"]])
def test_help_has_an_example_and_needs_no_panel(arguments: list[str]) -> None:
    result = CliRunner().invoke(plugins, [*arguments, "--help"])

    assert result.exit_code == 0
    assert "Example:\n" in result.output


def test_every_hook_is_listed_with_who_uses_it() -> None:
    told = {row["hook"]: row for row in json.loads(run("hooks", "--json").output)}

    assert list(told) == list(EVERY_HOOK)
    assert told["bo_presets"] == {"hook": "bo_presets", "called": "at start", "since": "1.0", "used_by": ["event_tickets"]}
    assert (told["bo_changed"]["called"], told["bo_changed"]["used_by"]) == ("at work", [])
    assert "bo_presets" in run("hooks").output


def test_where_nothing_conflicts_that_is_said_and_so_is_the_order() -> None:
    assert run("conflicts").output == "Order: event_tickets\nNo plugin gets into the way of another.\n"
    assert json.loads(run("conflicts", "--json").output) == []
