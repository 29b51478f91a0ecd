"""Nobody is told of what another one declares wrongly, nor of what cannot be known."""

from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]
Problems = Callable[..., list[str]]

STRANGE = 'key: must start with "a.". Use lower-case letters, digits and _, as in a.something.'


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_key_of_another_plugin_counts_for_nothing_else(order: tuple[str, str], write: Write, problems: Problems) -> None:
    write("a", "@hookimpl\ndef bo_roles(self):\n    yield Role('b.x', 'X', {}, owner=True)\n    yield Role('b', 'X', {})\n")
    body = """
    @hookimpl
    def bo_roles(self): yield Role('b.x', 'X', {'users': 'view'})
    @hookimpl
    def bo_user_types(self): yield UserType('b.t', 'T', ('b.x', 'b.y'))
    """
    write("b", body)

    assert sorted(problems(*order)) == [
        f"a › bo_roles › b › {STRANGE}",
        f"a › bo_roles › b.x › {STRANGE}",
        "b › bo_user_types › b.t › roles: there is no role 'b.y'. Did you mean b.x?",
    ]


def test_what_refers_to_a_strange_key_is_not_told_as_well(write: Write, problems: Problems) -> None:
    write("a", "@hookimpl\ndef bo_roles(self):\n    yield Role('clerk', 'X', {})\n")
    write("b", "@hookimpl\ndef bo_user_types(self):\n    yield UserType('b.t', 'T', ('clerk',))\n")

    assert problems("a", "b") == [f"a › bo_roles › clerk › {STRANGE}"]


PAGES = {
    "a page that could not be read": (
        "yield ModelPage(key='a.p', label=7, singular='', model=int, unit='u', unit_kinds=(), fields=(), name=(), view='', edit='')",
        "label",
    ),
    "a hook that failed": ("return 1 / 0", "failed"),
}


@pytest.mark.parametrize("case", PAGES)
def test_an_action_to_a_page_that_is_not_known_is_not_told(case: str, write: Write, problems: Problems) -> None:
    line, told = PAGES[case]
    write("a", f"@hookimpl\ndef bo_pages(self):\n    {line}\n")
    actions = "".join(f"    yield Action('b.x{len(name)}', 'X', kinds=('toolbar',), page='/pages/a/p/{name}')\n" for name in ("", "new/"))
    write("b", f"@hookimpl\ndef bo_actions(self):\n{actions}")

    [line] = problems("a", "b")

    assert told in line


def test_what_a_deployment_names_of_a_hook_that_failed_is_not_told(write: Write, problems: Problems) -> None:
    hooks = ("bo_columns", "bo_unit_kinds", "bo_profile_fields")
    write("a", "".join(f"@hookimpl\ndef {hook}(self):\n    return 1 / 0\n" for hook in hooks))
    write("b", "@hookimpl\ndef bo_columns(self):\n    return 1 / 0\n")

    found = problems("a", "b", toml="[users]\ncolumns = ['a.c', 'profile:a.f', 'profile:b.f']\nhome_kinds = ['a.k']\n")

    assert [line for line in found if "failed" not in line] == ["config/deployments/test.toml › users.columns: there is no column 'profile:b.f'."]
    assert len(found) == 5


PLACES = {
    "of an absent plugin": ("UnitKind('a.k', 'K', 'Ks', ('c.k',))", "('root',)"),
    "misspelt at the resource": ("UnitKind('a.k', 'K', 'Ks', ('rot',))", "('root',)"),
    "misspelt at the role": ("UnitKind('a.k', 'K', 'Ks')", "('a.kk',)"),
}


@pytest.mark.parametrize("case", PLACES)
def test_where_a_kind_is_not_known_nothing_is_said_of_what_stands_at_it(case: str, write: Write, problems: Problems) -> None:
    kind, places = PLACES[case]
    body = f"""
    @hookimpl
    def bo_unit_kinds(self): yield {kind}
    @hookimpl
    def bo_resources(self): yield Resource('a.r', 'R', ('view',), ('a.k',))
    @hookimpl
    def bo_roles(self): yield Role('a.x', 'X', {{'a.r': 'view'}}, {places})
    @hookimpl
    def bo_presets(self): yield Preset('a.x', 'X', {{'a.r': 'view'}}, {places}[0])
    """
    write("a", body)

    assert not [line for line in problems("a", "c") if "does not exist at" in line or "does not exist where" in line]
