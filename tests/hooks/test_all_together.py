"""All plugins of this repository in one deployment: nothing of one is in the way of another."""

from pathlib import Path

from bo_panel.hooks.host import Host
from bo_panel.settings import Settings
from bo_panel.settings.loading import ROOT

PLUGINS = sorted(path.parent.name for path in (ROOT / "plugins").glob("*/plugin.py"))


def everything(folder: Path, *names: str) -> Host:
    feed = {"change_feed": {"file": str(folder / "feed.jsonl")}}
    return Host.compile(Settings.model_validate({"deployment": {"plugins": names or PLUGINS}, "plugins": feed}), ROOT)


def test_all_plugins_start_together(tmp_path: Path) -> None:
    registry = everything(tmp_path).registry

    assert [plugin.name for plugin in registry.plugins] == PLUGINS
    brought = {key.removeprefix("type:").partition(".")[0] for key in (*registry.kinds, *registry.roles) if "." in key}
    assert {"event_tickets", "field_service", "retail", "service_provider", "ticketing"} <= brought


def test_the_order_of_the_deployment_is_the_order_of_the_plugins(tmp_path: Path) -> None:
    names = [plugin.name for plugin in everything(tmp_path, *reversed(PLUGINS)).registry.plugins]

    assert names == PLUGINS[::-1]
