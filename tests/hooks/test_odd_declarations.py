"""What nobody would declare on purpose is refused in words, or is contained where it is shown."""

from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]
Problems = Callable[..., list[str]]

CASES = {
    "a set where the order counts": (
        "bo_resources",
        "yield Resource('a.x', 'X', {'view', 'edit'})",
        "a.x › levels: is a set, which has no order: use a tuple.",
    ),
    "half a character": ("bo_roles", "yield Role('a.x', '\\ud800', {})", "a.x › label: holds half a character (a lone surrogate)."),
    "a newline behind a key": ("bo_roles", "yield Role('a.x\\n', 'X', {})", "must start with"),
    "an empty part of a key": ("bo_roles", "yield Role('a.x..y', 'X', {})", "must start with"),
    "a key too long for the database": ("bo_roles", "yield Role('a.' + 'x' * 80, 'X', {})", "key: is longer than 80 characters. Shorten it."),
    "a newline behind a level": ("bo_resources", "yield Resource('a.x', 'X', ('view\\n',))", "cannot be a level"),
    "nothing as what is asked for": (
        "bo_profile_fields",
        "yield ProfileField('a.x', 'X', view='users:none')",
        "a.x › view: users has no level 'none'; it has view, edit, create, delete.",
    ),
    "an enormous width": (
        "bo_actions",
        "yield Action('a.x', 'X', move='disable', title_one='{name:>99999999999}', title_many='{n}?')",
        "a.x › title_one: has other braces than {name}. Leave them out.",
    ),
    "a part of the name": (
        "bo_actions",
        "yield Action('a.x', 'X', move='disable', title_one='{name[0]}', title_many='{n}?')",
        "a.x › title_one: has other braces than {name}. Leave them out.",
    ),
    "what a cancelled task raises": (
        "bo_roles",
        "raise __import__('asyncio').CancelledError('hunter2')",
        "failed: CancelledError at plugin.py:9. The log has the traceback.",
    ),
    "what fails in a library": ("bo_roles", "return __import__('json').loads('x')", "failed: JSONDecodeError at plugin.py:9."),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_told(case: str, write: Write, problems: Problems, caplog: pytest.LogCaptureFixture) -> None:
    hook, line, told = CASES[case]
    write("a", f"@hookimpl\ndef {hook}(self):\n    {line}\n")

    found = problems("a")

    assert any(told in problem for problem in found), found
    assert "hunter2" not in caplog.text + "".join(found)


PARTS = {
    "ProfileField('name', 5)": "fields[0].label: must be a valid string.",
    "ProfileField('name', 'N', choices=5)": "fields[0].choices: must be a list.",
    "ProfileField('name', 'N', choices='ab')": "fields[0].choices: must be a list.",
    "ProfileField(None, 'N')": "fields[0].key: must be a valid string.",
    "ProfileField('name', 'N', required='maybe')": "fields[0].required: must be a valid boolean, unable to interpret input.",
    "ProfileField('name', 'N', 'txt')": "fields[0].type: must be 'text',",
}


@pytest.mark.parametrize("part", PARTS)
def test_what_is_inside_of_a_declaration_is_looked_at_too(part: str, write: Write, problems: Problems) -> None:
    page = f"ModelPage(key='a.x', label='X', singular='x', model=int, unit='u', unit_kinds=(), fields=({part},), name=(), view='', edit='')"
    write("a", f"@hookimpl\ndef bo_pages(self):\n    yield {page}\n")

    found = problems("a")

    assert any(PARTS[part] in problem for problem in found), found


def test_a_hook_that_is_wrong_hides_nothing_else_of_its_plugin(write: Write, problems: Problems) -> None:
    body = """
    @hookimpl
    def bo_rols(self): return []
    @hookimpl
    def bo_object(self, change, people): return []
    @hookimpl
    def bo_changed(self, evnt): return []
    @hookimpl
    def bo_tabs(self): yield Tab("a.x", "X", ())
    """
    write("a", body)

    found = problems("a")

    assert [line.partition(":")[0] for line in found] == ["a › bo_changed", "a › bo_object", "a › bo_rols", "a › bo_tabs › a.x › statuses"]


def test_plugins_whose_tables_could_not_be_told_apart_are_refused(write: Write, problems: Problems) -> None:
    for name in ("a", "a_b"):
        (write(name) / "migrations").mkdir()

    told = "begins like a, so that nobody could tell whose tables are whose. Give one of the two another name."
    assert problems("a", "a_b") == [f"a_b › meta.name: {told}"]


def test_a_key_does_not_break_its_line(write: Write, problems: Problems) -> None:
    write("a", "@hookimpl\ndef bo_roles(self):\n    yield Role('a.x\\n  b', 'Größe', {})\n    yield Role('a.y', 'Y', {'a\\r\\ud800': 'é'})\n")

    found = problems("a")

    assert found[0].startswith("a › bo_roles › a.x\\n  b › key: must start")
    assert all(line.isprintable() for line in found)
