"""The compiled registry: what stands where, what a role gives, who owns."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bo_panel.domain.access import at_or_below
from bo_panel.hooks.host import Host
from bo_panel.hooks.registry import Registry
from bo_panel.settings import Settings
from bo_panel.settings.words import Words

Write = Callable[..., Path]
Hosts = Callable[..., Host]

BODY = """
@hookimpl
def bo_unit_kinds(self):
    yield UnitKind('a.client', 'Client', 'Clients', needs_owner=True)
    yield UnitKind('a.event', 'Event', 'Events', ['root', 'a.client'])
@hookimpl
def bo_resources(self):
    return [Resource('a.till', 'Till', ['view', 'edit'])]
@hookimpl
def bo_roles(self):
    yield Role('a.clerk', 'Clerk', {'a.till': 'edit', 'users': 'view', 'audit': 'none'}, ('a.event',))
    yield Role('a.founder', 'Founder', {}, ('a.client',), owner=True)
@hookimpl
def bo_presets(self):
    yield Preset('a.door', 'Door', {'a.till': 'view'}, 'a.event')
"""

RULE = """
@hookimpl
def bo_unit_kinds(self):
    yield UnitKind('a.branch', 'Branch', 'Branches')
    yield UnitKind('a.till', 'Till', 'Tills', ['a.branch'], counted=True)
@hookimpl
def bo_roles(self):
    yield Role('a.cashier', 'Cashier', {}, ('a.branch', 'a.till'))
    yield Role('a.boss', 'Boss', {}, ('a.branch',))
@hookimpl
def bo_field_rules(self):
    yield FieldRule('a.tills', 'a.till', 'a.branch', 'Choose one branch.', %s)
"""


@pytest.fixture
def registry(write: Write, host: Hosts) -> Registry:
    write("a", BODY)
    return host("a").registry


def test_the_core_brings_the_root_six_resources_and_two_roles(host: Hosts) -> None:
    registry = host().registry

    assert list(registry.kinds) == ["root"]
    assert registry.kinds["root"].label == "Platform"
    assert {key: resource.levels for key, resource in registry.resources.items()} == {
        "users": ("view", "edit", "create", "delete"),
        "units": ("view", "edit", "create", "delete"),
        "roles": ("view", "edit"),
        "audit": ("view",),
        "plugins": ("view", "edit"),
        "profile_fields": ("view", "edit"),
    }
    assert list(registry.roles) == ["owner", "member"]


def test_the_root_is_called_what_the_deployment_calls_it() -> None:
    registry = Host.compile(Settings(words=Words(root="Headquarters"))).registry

    assert (registry.kinds["root"].label, registry.kinds["root"].plural) == ("Headquarters", "Headquarters")


def test_a_rule_holds_for_the_roles_that_it_names(write: Write, host: Hosts) -> None:
    write("a", RULE % "('a.cashier',)")
    registry = host("a").registry

    assert [rule.key for rule in registry.rules_for("a.cashier")] == ["a.tills"]
    assert registry.rules_for("a.boss") == ()
    assert [kind.key for kind in registry.counted()] == ["a.till"]


def test_a_rule_that_names_no_role_holds_for_all(write: Write, host: Hosts) -> None:
    write("a", RULE % "()")
    registry = host("a").registry

    assert [rule.key for rule in registry.rules_for("a.boss")] == ["a.tills"]
    assert [rule.key for rule in registry.rules_for("a role that an administrator made")] == ["a.tills"]


def test_a_role_gives_its_levels_in_the_order_of_the_catalogue(registry: Registry) -> None:
    assert [ladder.resource for ladder in registry.catalogue.ladders] == ["users", "units", "roles", "audit", "plugins", "profile_fields", "a.till"]
    assert registry.vector_of("a.clerk") == (1, 0, 0, 0, 0, 0, 2)
    assert registry.vector_of("member") == registry.nothing == (0, 0, 0, 0, 0, 0, 0)


def test_an_owner_has_the_top_of_every_ladder(registry: Registry) -> None:
    assert registry.owner_roles == {"owner", "a.founder"}
    assert registry.vector_of("owner") == registry.vector_of("a.founder") == registry.catalogue.everything == (4, 4, 2, 1, 2, 2, 2)


@given(st.text())
def test_a_role_that_is_not_known_gives_nothing(key: str) -> None:
    registry = Host.compile(Settings()).registry

    assert key in registry.roles or registry.vector_of(key) == registry.nothing
    assert at_or_below(registry.vector_of(key), registry.vector_of("owner"))


def test_owners_are_needed_at_the_root_and_where_a_kind_says_so(registry: Registry) -> None:
    assert {kind: registry.needs_owner(kind) for kind in registry.kinds} == {"root": True, "a.client": True, "a.event": False}
    assert not registry.needs_owner("gone.kind")
    assert registry.roles["owner"].unit_kinds == ("root", "a.client")


def test_roles_are_offered_where_they_can_be_held(registry: Registry) -> None:
    assert [role.key for role in registry.roles_for("root")] == ["owner", "member"]
    assert [role.key for role in registry.roles_for("a.client")] == ["owner", "member", "a.founder"]
    assert [role.key for role in registry.roles_for("a.event")] == ["member", "a.clerk"]


def test_kinds_stand_below_those_they_name(registry: Registry) -> None:
    assert registry.may_stand_below("a.event", "root")
    assert not registry.may_stand_below("a.client", "a.event")
    assert not registry.may_stand_below("root", "root")
    assert not registry.may_stand_below("gone.kind", "root")
    assert [kind.key for kind in registry.kinds_below("root")] == ["a.client", "a.event"]
    assert [kind.key for kind in registry.kinds_below("a.client")] == ["a.event"]


def test_nothing_in_a_registry_can_be_changed(registry: Registry) -> None:
    tables: tuple[Any, ...] = (registry.kinds, registry.resources, registry.roles, registry.presets, registry.vectors)

    for table in (*tables, registry.roles["a.clerk"].levels, registry.presets["a.door"].levels):
        with pytest.raises(TypeError):
            table["x"] = 1
    with pytest.raises(FrozenInstanceError):
        registry.nothing = ()  # type: ignore[misc]
    assert registry.kinds["a.event"].parents == ("root", "a.client")
    assert registry.resources["a.till"].levels == ("view", "edit")


def test_a_plugin_tells_who_it_is(registry: Registry, tmp_path: Path) -> None:
    [plugin] = registry.plugins

    assert (plugin.name, plugin.version, plugin.source, plugin.folder) == ("a", "1.0.0", "plugins/a", tmp_path / "plugins" / "a")
    assert plugin.hooks == ("bo_unit_kinds", "bo_resources", "bo_roles", "bo_presets")


def test_two_hosts_do_not_share_anything(write: Write, host: Hosts) -> None:
    write("a", BODY)
    first = host("a").registry
    write("a", BODY.replace("Clerk", "Cashier"))
    second = host().registry

    assert "a.clerk" in first.roles
    assert "a.clerk" not in second.roles


def test_a_plugin_of_the_same_name_elsewhere_is_another_plugin(write: Write, host: Hosts, tmp_path: Path) -> None:
    write("a", BODY)
    host("a")
    elsewhere = tmp_path / "elsewhere" / "plugins" / "a"
    elsewhere.mkdir(parents=True)
    source = (tmp_path / "plugins" / "a" / "plugin.py").read_text()
    (elsewhere / "plugin.py").write_text(source.replace("'Clerk'", "'Cashier'"))

    other = Host.compile(Settings.model_validate({"deployment": {"plugins": ["a"]}}), tmp_path / "elsewhere")

    assert other.registry.roles["a.clerk"].label == "Cashier"
