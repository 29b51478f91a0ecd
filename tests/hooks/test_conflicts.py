"""Where two plugins claim the same thing, who wins, and that it is said."""

from collections.abc import Callable
from pathlib import Path

from bo_panel.hooks.conflicts import Conflict, conflicts_in
from bo_panel.hooks.host import Host

Write = Callable[..., Path]
Hosts = Callable[..., Host]

PLACES = """
@hookimpl
def bo_unit_kinds(self):
    yield UnitKind("a.shop", "Shop", "Shops")
    yield UnitKind("a.till", "Till", "Tills", parents=("a.shop",))

@hookimpl
def bo_roles(self):
    yield Role("a.clerk", "Clerk", {}, ("a.shop", "a.till"))
    yield Role("a.boss", "Boss", {}, ("a.shop", "a.till"))
"""
RULE = """
@hookimpl
def bo_field_rules(self):
    yield FieldRule("{name}.tills", unit_kind="a.till", inside="a.shop", reason="Says {name}.", roles={roles})
"""


def between(host: Host) -> list[tuple[str, str, str]]:
    return [(found.first, found.second, found.wins) for found in conflicts_in(host.registry)]


def test_of_two_rules_about_the_same_places_the_first_listed_wins(write: Write, host: Hosts) -> None:
    write("a", PLACES)
    write("b", RULE.format(name="b", roles="('a.clerk',)"), more="requires=('a',)")
    write("c", RULE.format(name="c", roles="()"))

    assert between(host("b", "a", "c")) == [("b.tills", "c.tills", "b")]
    assert between(host("c", "a", "b")) == [("c.tills", "b.tills", "c")]
    assert [rule.reason for rule in host("c", "a", "b").registry.rules_for("a.clerk")] == ["Says c.", "Says b."]


def test_rules_for_different_roles_do_not_meet(write: Write, host: Hosts) -> None:
    write("a", PLACES)
    write("b", RULE.format(name="b", roles="('a.clerk',)"))
    write("c", RULE.format(name="c", roles="('a.boss',)"))

    assert between(host("a", "b", "c")) == []


def test_what_is_called_alike_in_the_same_place_is_told(write: Write, host: Hosts) -> None:
    write("a", PLACES)
    write("b", "@hookimpl\ndef bo_roles(self):\n    yield Role('b.clerk', 'clerk', {}, ('a.shop',))\n    yield Role('b.boss', 'Boss', {}, ('root',))")

    says = "Both are called 'Clerk', and nobody who chooses sees which is which. Call one something else."
    assert conflicts_in(host("a", "b").registry) == (Conflict("bo_roles", "a.clerk", "b.clerk", "both", says),)
