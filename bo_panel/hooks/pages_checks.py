"""What is looked at in pages over tables of plugins."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bo_panel.hooks.contributions import Role, UserType
from bo_panel.hooks.core import Declared
from bo_panel.hooks.icons import icon_names
from bo_panel.hooks.pages import Command, ModelPage, roles_known, wrong_with
from bo_panel.hooks.problems import Problem
from bo_panel.hooks.references import Names, Place, unknown_kinds, unknown_level
from bo_panel.settings.suggestion import did_you_mean

MOST_SAMPLES = 1_000
"""How many records a demonstration makes up for one unit at most."""


def check_page(page: ModelPage, place: Place, names: Names) -> Iterator[Problem]:
    """Yield what is wrong with a page: by itself, and in what it refers to."""
    yield from _one_dot(page.key, place)
    for said, wrong, remedy, hint in wrong_with(page, place.plugin):
        yield place.problem(said, wrong, remedy, hint)
    for said in ("view", "edit", "delete"):
        asked = getattr(page, said)
        if asked or said != "delete":
            yield from unknown_level(asked, said, place, names)
    yield from unknown_kinds(page.unit_kinds, "unit_kinds", place, names)
    if not page.unit_kinds:
        yield place.problem("unit_kinds", "is empty, so that no record could belong anywhere.", "Name at least one kind.")
    if page.icon not in icon_names():
        yield place.problem("icon", f"there is no icon {page.icon!r} in lucide.", hint=did_you_mean(page.icon, icon_names()))
    held = roles_known(names.roles, names.types)
    yield from _numbers_and_words(page, place)
    for role in (role for person in page.people for role in person.roles):
        if role not in held and names.unknown(role.rpartition(":")[2], names.roles, UserType if ":" in role else Role):
            yield place.problem("people", f"there is no role {role!r}.", hint=names.hint(role, held))


def _numbers_and_words(page: ModelPage, place: Place) -> Iterator[Problem]:
    if not page.singular.strip():
        yield place.problem("singular", "is empty.", "Say what one record is called.")
    if not 0 <= page.samples <= MOST_SAMPLES:
        yield place.problem("samples", f"must be from 0 to {MOST_SAMPLES}.", "Say how many a demonstration makes up for each unit.")
    for person in page.people:
        if not person.label.strip():
            yield place.problem("people", f"{person.key} has no label.", "Say what people shall read.")
        if not person.roles:
            yield place.problem("people", f"{person.key} has no roles, so that nobody could be chosen.", "Name at least one.")


def same_tables(everything: list[Declared]) -> Iterator[Problem]:
    """Yield the pages over a table that another page is over: each keeps, and gives away, what the other one does."""
    seen: dict[type, str] = {}
    for part in everything:
        for page in part.of(ModelPage):
            other = seen.setdefault(page.model, page.key)
            if other != page.key:
                remedy = "Make one page of the two, or a table for each."
                yield Place(part.plugin, "bo_pages", page.key).problem("model", f"is that of {other}.", remedy)


def _one_dot(key: str, place: Place) -> Iterator[Problem]:
    """Yield that a key would be the address of a page within another one, such as that of its form."""
    plugin, _dot, name = key.partition(".")
    if "." in name:
        yield place.problem("key", "has more than one dot.", f"Call it {plugin}.{name.replace('.', '_')}.")


PAGES: Mapping[type, Callable[[Any, Place, Names], Iterator[Problem]]] = {ModelPage: check_page, Command: lambda _command, _place, _names: iter(())}
"""What is looked at in pages, and in commands."""
