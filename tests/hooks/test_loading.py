"""Which plugins are used, in which order, and why one is refused."""

import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bo_panel.hooks import discovery
from bo_panel.hooks.graph import cycles, ordered
from bo_panel.hooks.host import Host
from bo_panel.sdk import Plugin, PluginMeta

Write = Callable[..., Path]
Problems = Callable[..., list[str]]
Hosts = Callable[..., Host]

CONFIG = """
class Config(PluginConfig):
    key: str
    tries: int = 3
"""


def test_a_deployment_without_plugins_has_what_the_core_brings(host: Hosts) -> None:
    assert host().registry.plugins == ()


def test_only_listed_plugins_are_imported(write: Write, host: Hosts) -> None:
    write("a")
    write("quiet", source="raise SystemExit('imported')")

    assert [plugin.name for plugin in host("a").registry.plugins] == ["a"]


def test_a_plugin_may_have_modules_of_its_own(write: Write, host: Hosts) -> None:
    folder = write("a", "from .words import AREA\n@hookimpl\ndef bo_unit_kinds(self):\n    yield UnitKind('a.area', self.AREA, 'Areas')")
    (folder / "words.py").write_text("AREA = 'Area'")

    assert host("a").registry.kinds["a.area"].label == "Area"
    assert "bo_panel_local.a.words" in sys.modules


def test_an_unknown_plugin_is_told(write: Write, problems: Problems) -> None:
    write("ticketing")

    [line] = problems("tickting")

    remedy = "Put it into plugins/tickting, install its package, or take it out of deployment.plugins."
    assert line == f"tickting: there is no such plugin. {remedy} Did you mean ticketing?"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x = 1", "a: plugin.py has 0 subclasses of Plugin. Leave exactly one in it."),
        ("import no_such_thing", "a: it cannot be imported: ModuleNotFoundError (no_such_thing) at plugin.py:1."),
        ("x = 1\nraise SystemExit('hunter2')", "a: it cannot be imported: SystemExit at plugin.py:2."),
        ("def f(:", "a: it cannot be imported: SyntaxError at plugin.py:1."),
        ("from bo_panel.sdk import Plugin\nclass A(Plugin): pass", "a › meta: is not a PluginMeta. Say who the plugin is."),
    ],
)
def test_a_plugin_that_is_none_is_told(source: str, told: str, write: Write, problems: Problems) -> None:
    write("a", source=source)

    assert problems("a") == [told]


def test_a_folder_without_a_plugin_is_told(tmp_path: Path, problems: Problems) -> None:
    (tmp_path / "plugins" / "a").mkdir(parents=True)

    assert problems("a") == ["a: plugins/a has no plugin.py. Add one with a subclass of Plugin."]


def test_a_folder_that_everybody_can_write_is_refused(write: Write, problems: Problems) -> None:
    folder = write("a")
    (folder / "plugin.py").chmod(0o666)

    assert problems("a") == ["a: plugins/a/plugin.py can be written by everybody. Use plain files that only their owner can write."]


def test_a_symbolic_link_is_refused(tmp_path: Path, write: Write, problems: Problems) -> None:
    (tmp_path / "elsewhere.py").write_text("")
    (write("a") / "more.py").symlink_to(tmp_path / "elsewhere.py")
    (tmp_path / "plugins" / "b").symlink_to(write("a"))

    assert problems("a", "b") == [
        "a: plugins/a/more.py is a symbolic link. Use plain files that only their owner can write.",
        "b: plugins/b is a symbolic link. Use plain files that only their owner can write.",
    ]


@pytest.mark.parametrize(
    ("meta", "told"),
    [
        ("name='b', version='1', api='>=1.0'", "a › meta.name: is 'b', but it was found as 'a'. Give both the same name."),
        (
            "name='a', version='1', api='>=2.0'",
            "a › meta.api: it works with plugin API >=2.0, and this is 1.0. Install a version of the plugin that fits.",
        ),
        ("name='a', version=1, api='>=1.0'", "a › meta.version: is a int. It must be a str."),
        ("name='a', version='1', api=None", "a › meta.api: is a NoneType. It must be a str."),
        ("name='a', version='1', api='>=1.0', critical='no'", "a › meta.critical: is a str. It must be a bool."),
        ("name='a', version='1', api='>=1.0', requires=(5,)", "a › meta.requires: must be a tuple of plugin names."),
        ("name='a', version='1', api='one'", 'a › meta.api: is not a range of versions. Write it as ">=1.0,<2".'),
        ("name='a', version='1', api='>=1.0', requires='b'", "a › meta.requires: must be a tuple of plugin names."),
        (
            "name='a', version='1', api='>=1.0', requires=('c',)",
            "a › meta.requires: it needs c, which this deployment does not list. Add it to deployment.plugins.",
        ),
    ],
)
def test_each_wrong_meta_is_told(meta: str, told: str, write: Write, problems: Problems) -> None:
    write("a", f"meta = PluginMeta({meta})")

    assert problems("a") == [told]


def test_plugins_that_need_one_another_are_told(write: Write, problems: Problems) -> None:
    write("a", more="requires=('b',)")
    write("b", more="requires=('a',)")

    [line] = problems("a", "b")

    assert "meta.requires: the plugins need one another in a circle: " in line


def test_the_order_is_what_is_required_then_what_is_listed(write: Write, host: Hosts) -> None:
    write("a", more="requires=('c',)")
    write("b")
    write("c")

    assert [plugin.name for plugin in host("a", "b", "c").registry.plugins] == ["b", "c", "a"]


@given(st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdef"), max_size=2)))
def test_an_order_respects_every_need_unless_there_is_a_circle(needs: dict[str, set[str]]) -> None:
    found = ordered(needs, needs)

    assert sorted(found) == sorted(needs)
    if not cycles(needs):
        place = {name: number for number, name in enumerate(found)}
        assert all(place[needed] < place[name] for name in needs for needed in needs[name] if needed in place)


@given(st.lists(st.sampled_from("abcdef"), unique=True))
def test_without_needs_the_order_stays(names: list[str]) -> None:
    assert ordered(names, {}) == tuple(names)


def test_a_configuration_is_checked_and_frozen(write: Write, host: Hosts) -> None:
    write("a", CONFIG)

    assert [plugin.name for plugin in host("a", toml="[plugins.a]\nkey = 'k'\n").registry.plugins] == ["a"]


def test_a_wrong_configuration_is_told_without_its_values(write: Write, problems: Problems) -> None:
    write("a", CONFIG)

    told = problems("a", toml="[plugins.a]\nkye = 'hunter2'\ntries = 'hunter2'\n")

    assert told == [
        "a › key: is missing. Set it in config/deployments/test.toml, at [plugins.a].",
        "a › tries: must be a valid integer, unable to parse string as an integer. Correct it in config/deployments/test.toml.",
        "a › kye: there is no such setting. Correct it in config/deployments/test.toml. Did you mean key?",
    ]


def test_a_configuration_model_that_is_not_closed_is_refused(write: Write, problems: Problems) -> None:
    write("a", "import pydantic\nConfig = pydantic.BaseModel")

    assert problems("a") == ["a › Config: is not a subclass of PluginConfig."]


def test_a_configuration_for_nobody_is_told(write: Write, problems: Problems) -> None:
    write("ticketing")

    [line] = problems("ticketing", toml="[plugins.ticktng]\nx = 1\n")

    wrong = "config/deployments/test.toml configures it, but this deployment does not list it."
    assert line == f"ticktng: {wrong} Remove the table, or list the plugin. Did you mean ticketing?"


def test_a_plugin_that_fails_while_it_is_made_is_told(write: Write, problems: Problems) -> None:
    write("a", "def __init__(self, config):\n    raise RuntimeError('hunter2')")

    assert problems("a") == ["a: it failed while it was made: RuntimeError at plugin.py:8."]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("@hookimpl\ndef bo_rols(self): return []", "a › bo_rols: there is no such hook. Did you mean bo_roles?"),
        ("def bo_rols(self): return []", "a › bo_rols: there is no such hook. Did you mean bo_roles?"),
        ("@hookimpl\ndef roles(self): return []", "a › roles: there is no such hook. Did you mean bo_roles?"),
        ("def bo_roles(self): return []", "a › bo_roles: is not marked as a hook. Write @hookimpl above it."),
        (
            "@hookimpl(optionalhook=True)\ndef bo_roles(self): return []",
            "a › bo_roles: has options. Write @hookimpl without any; the order is the deployment's.",
        ),
    ],
)
def test_a_hook_that_would_never_be_called_is_told(body: str, told: str, write: Write, problems: Problems) -> None:
    write("a", body)

    assert problems("a") == [told]


def test_a_hook_with_other_arguments_is_told(write: Write, problems: Problems) -> None:
    write("a", "@hookimpl\ndef bo_object(self, change, people): return []")

    [line] = problems("a")

    assert line == "a › bo_object: has other arguments than it should: people. There are change, users."


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Offer a plugin's class as an installed package would."""
    monkeypatch.setitem(sys.modules, "an_installed_plugin", module := ModuleType("an_installed_plugin"))
    module.__file__ = "/nowhere/an_installed_plugin/plugin.py"

    def offered(plugin: object, *packages: str) -> None:
        module.Duo = plugin  # type: ignore[attr-defined]
        points = [EntryPoint("duo", "an_installed_plugin:Duo", "bo_panel.plugins") for _ in packages]
        for point, package in zip(points, packages, strict=True):
            vars(point).update(dist=SimpleNamespace(name=package, version="2.1"))

        def entry_points(**params: Any) -> EntryPoints:
            return EntryPoints(points).select(**params)

        monkeypatch.setattr(discovery, "entry_points", entry_points)

    return offered


class Duo(Plugin):
    """A second factor."""

    meta = PluginMeta(name="duo", version="2.1", api=">=1.0")
    __module__ = "an_installed_plugin"


def test_an_installed_package_is_used_when_there_is_no_folder(installed: Callable[..., None], host: Hosts) -> None:
    installed(Duo, "bo-panel-duo")

    [plugin] = host("duo").registry.plugins

    assert (plugin.source, plugin.description, plugin.migrations) == ("bo-panel-duo 2.1", "A second factor.", None)


def test_a_folder_comes_before_an_installed_package(write: Write, installed: Callable[..., None], host: Hosts) -> None:
    write("duo")
    installed(Duo, "bo-panel-duo")

    assert host("duo").registry.plugins[0].source == "plugins/duo"


def test_two_packages_for_one_name_are_refused(installed: Callable[..., None], problems: Problems) -> None:
    installed(Duo, "bo-panel-duo", "evil-duo")

    assert problems("duo") == ["duo: more than one installed package offers it (bo-panel-duo, evil-duo). Uninstall all but one."]


def test_a_package_without_a_plugin_is_refused(installed: Callable[..., None], problems: Problems) -> None:
    installed("Duo", "bo-panel-duo")
    assert problems("duo") == ["duo: bo-panel-duo 2.1 offers no subclass of Plugin. Correct its entry point in bo_panel.plugins."]


def test_a_package_that_cannot_be_imported_is_told(
    installed: Callable[..., None], monkeypatch: pytest.MonkeyPatch, problems: Problems
) -> None:
    installed(Duo, "bo-panel-duo")
    monkeypatch.delitem(sys.modules, "an_installed_plugin")

    [line] = problems("duo")

    assert line.startswith("duo: bo-panel-duo 2.1 cannot be imported: ModuleNotFoundError (an_installed_plugin)")
