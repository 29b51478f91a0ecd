"""Everything that is wrong is told together: one thing hides no other."""

from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]
Problems = Callable[..., list[str]]


def test_a_wrong_configuration_hides_nothing_else_of_its_plugin(write: Write, problems: Problems) -> None:
    body = """
    class Config(PluginConfig):
        seats: int
        label: str
        wait: __import__("datetime").timedelta = __import__("datetime").timedelta(1)
    @hookimpl
    def bo_rols(self): return []
    @hookimpl
    def bo_tabs(self): yield Tab("a.x", self.config.label, ())
    @hookimpl
    def bo_features(self): yield Feature("a.f", f"Waits for {self.config.wait.seconds}", 7)
    @hookimpl
    def bo_resources(self): yield Resource("a.r", "R", ("view",) * self.config.seats)
    """
    write("a", body)
    write("b", "@hookimpl\ndef bo_roles(self):\n    yield Role('b.r', 'R', {'a.r': 'view', 'a.s': 'view'})\n", more="requires=('a',)")

    assert problems("a", "b", toml="[plugins.a]\nseats = 'many'\nlabel = ''\nwait = 60\n") == [
        "a › seats: must be a valid integer, unable to parse string as an integer. Correct it in config/deployments/test.toml.",
        "a › bo_rols: there is no such hook. Did you mean bo_roles?",
        "a › bo_features › a.f › description: must be a valid string.",
        "a › bo_tabs › a.x › label: is empty. Say what people shall read.",
        "a › bo_tabs › a.x › statuses: is empty, so that nobody would ever be in it. Name at least one status.",
    ]


def test_a_plugin_that_cannot_be_made_of_half_a_configuration_is_told_once(write: Write, problems: Problems) -> None:
    body = """
    class Config(PluginConfig):
        seats: int
    def __init__(self, config):
        super().__init__(config)
        self.rows = 100 // config.seats
    """
    write("a", body)

    assert problems("a") == ["a › seats: is missing. Set it in config/deployments/test.toml, at [plugins.a]."]


REFERS = """
@hookimpl
def bo_presets(self):
    yield Preset('a.p', 'P', {'a.r': 'view', 'a.s': 'view'}, 'a.k')
"""
UNREAD = {
    "of a wrong type": "Resource('a.r', 7, ('view',))",
    "of a wrong kind": "Role('a.r', 'R', {})",
    "that fails": "1 / 0",
}


@pytest.mark.parametrize("case", UNREAD)
def test_what_could_not_be_read_is_told_once_and_not_where_it_is_referred_to(case: str, write: Write, problems: Problems) -> None:
    write("a", f"@hookimpl\ndef bo_resources(self):\n    yield {UNREAD[case]}\n    yield Resource('a.s', 'S', ('view',))\n{REFERS}")

    told = problems("a")

    assert [line.partition(":")[0].removeprefix("a › bo_") for line in told[1:]] == ["presets › a.p › unit_kind"]
    assert "resources" in told[0]


def test_a_kind_of_the_core_declared_again_is_told_of_the_plugin_that_does(write: Write, problems: Problems) -> None:
    write("a", "@hookimpl\ndef bo_unit_kinds(self):\n    yield UnitKind('root', 'Root', 'Roots')\n    yield UnitKind('a.k', 'K', 'Ks')\n")
    write("b", "@hookimpl\ndef bo_resources(self):\n    yield Resource('users', 'Users', ('see',))\n")

    assert problems("a", "b") == [
        'a › bo_unit_kinds › root › key: must start with "a.". Use lower-case letters, digits and _, as in a.something.',
        'b › bo_resources › users › key: must start with "b.". Use lower-case letters, digits and _, as in b.something.',
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("yield ProfileField('b.x', 'X', view='users')", "view: 'users' names no level. Write it as resource:level, such as users:view."),
        ("yield ProfileField('b.x', 'X', edit='users:')", "edit: 'users:' names no level. Write it as resource:level, such as users:view."),
    ],
)
def test_what_is_asked_for_without_a_level_is_told(line: str, told: str, write: Write, problems: Problems) -> None:
    write("b", f"@hookimpl\ndef bo_profile_fields(self):\n    {line}\n")

    assert problems("b") == [f"b › bo_profile_fields › b.x › {told}"]


def test_what_replaces_something_is_referred_to_by_the_key_of_that(write: Write, problems: Problems) -> None:
    write("a", "@hookimpl\ndef bo_roles(self):\n    yield Role('a.c', 'C', {'users': 'view'})\n")
    body = """
    @hookimpl
    def bo_roles(self): yield Role('b.c', 'C', {'users': 'edit'}, replaces='a.c')
    @hookimpl
    def bo_user_types(self): yield UserType('b.t', 'T', ('b.c',))
    """
    write("b", body)

    assert problems("a", "b") == ["b › bo_user_types › b.t › roles: there is no role 'b.c'. It replaces a.c: name that."]


def test_a_toggle_that_gives_nothing_is_told(write: Write, problems: Problems) -> None:
    write("a", "@hookimpl\ndef bo_access_toggles(self):\n    yield AccessToggle('a.x', 'X', {'users': 'none', 'units': 'none'})\n")

    assert problems("a") == ["a › bo_access_toggles › a.x › levels: gives nothing. Name a level above none."]


def test_a_type_of_roles_that_are_held_at_no_common_kind_is_told(write: Write, problems: Problems) -> None:
    body = """
    @hookimpl
    def bo_unit_kinds(self):
        yield from (UnitKind("a.k", "K", "Ks"), UnitKind("a.j", "J", "Js"))
    @hookimpl
    def bo_roles(self):
        yield from (Role("a.x", "X", {"users": "delete"}, ("a.k",)), Role("a.y", "Y", {"users": "view"}, ("a.j",)))
    @hookimpl
    def bo_user_types(self): yield UserType("a.t", "T", ("a.x", "a.y"))
    """
    write("a", body)

    assert problems("a") == ["a › bo_user_types › a.t › roles: cannot all be held at one kind of unit. Name roles that fit together."]


def test_what_a_hook_gave_before_it_failed_is_looked_at(write: Write, problems: Problems) -> None:
    write("a", "@hookimpl\ndef bo_roles(self):\n    yield Role('a.r', 'R', {'usrs': 'view'})\n    yield Role('a.s', 'S', {}, 1 / 0)\n")

    assert problems("a") == [
        "a › bo_roles: failed: ZeroDivisionError at plugin.py:10. The log has the traceback.",
        "a › bo_roles › a.r › levels: there is no resource 'usrs'. Did you mean users?",
    ]


def test_a_hook_that_is_no_function_is_told(write: Write, problems: Problems) -> None:
    write("a", "bo_roles = [1]\nbo_rolez = [1]\nbo_tabs = property(lambda self: [])\n")

    remedy = "Write it as a method, with @hookimpl above it."
    assert problems("a") == [
        f"a › bo_roles: is no function: it is a list. {remedy}",
        "a › bo_rolez: there is no such hook. Did you mean bo_roles?",
        f"a › bo_tabs: is no function: it is a property. {remedy}",
    ]


def test_one_wrong_part_of_meta_hides_no_other(write: Write, problems: Problems) -> None:
    meta = "PluginMeta(name='b', version=1, api='1.x', requires='c')"
    write("a", source=f"from bo_panel.sdk import Plugin, PluginMeta\nclass A(Plugin):\n    meta = {meta}\n    Config = 5\n")

    assert problems("a") == [
        "a › meta.version: is a int. It must be a str.",
        "a › meta.name: is 'b', but it was found as 'a'. Give both the same name.",
        "a › meta.requires: must be a tuple of plugin names.",
        "a › Config: is not a subclass of PluginConfig.",
        'a › meta.api: is not a range of versions. Write it as ">=1.0,<2".',
    ]
