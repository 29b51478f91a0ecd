"""`bo plugins list` and `bo plugins show`."""

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from bo_panel.cli.plugins import plugins
from bo_panel.hooks.host import Host
from bo_panel.settings import Settings, load


def run(*arguments: str, settings: Settings | None = None) -> Result:
    panel = SimpleNamespace(registry=lambda: Host.compile(settings or load("event_tickets", {})).registry)
    return CliRunner().invoke(plugins, arguments, obj=panel, terminal_width=100)


def test_the_list_names_each_plugin() -> None:
    assert "event_tickets" in run("list").output
    assert [plugin["name"] for plugin in json.loads(run("list", "--json").output)] == ["event_tickets"]


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


@pytest.mark.parametrize("arguments", [[], ["list"], ["show"]])
def test_help_has_an_example_and_needs_no_panel(arguments: list[str]) -> None:
    result = CliRunner().invoke(plugins, [*arguments, "--help"])

    assert result.exit_code == 0
    assert "Example:\n" in result.output
