"""What is looked at in pages over tables of plugins."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bo_panel.domain.profile_fields import level_of
from bo_panel.hooks.icons import icon_names
from bo_panel.hooks.pages import Command, ModelPage, roles_known, wrong_with
from bo_panel.hooks.problems import Problem
from bo_panel.hooks.references import Names, Place, unknown_kinds, unknown_levels
from bo_panel.settings.suggestion import did_you_mean


def check_page(page: ModelPage, place: Place, names: Names) -> Iterator[Problem]:
    """Yield what is wrong with a page: by itself, and in what it refers to."""
    yield from _one_dot(page.key, place)
    for said, wrong, remedy, hint in wrong_with(page, place.plugin):
        yield place.problem(said, wrong, remedy, hint)
    for said in ("view", "edit", "delete"):
        resource, level = level_of(getattr(page, said))
        if resource or said != "delete":
            yield from unknown_levels({resource: level or "?"}, place, names, said)
    yield from unknown_kinds(page.unit_kinds, "unit_kinds", place, names)
    if not page.unit_kinds:
        yield place.problem("unit_kinds", "is empty, so that no record could belong anywhere.", "Name at least one kind.")
    if page.icon not in icon_names():
        yield place.problem("icon", f"there is no icon {page.icon!r} in lucide.", hint=did_you_mean(page.icon, icon_names()))
    held = roles_known(names.roles, names.types)
    for role in (role for person in page.people for role in person.roles):
        if role not in held and names.unknown(role.rpartition(":")[2], names.roles):
            yield place.problem("people", f"there is no role {role!r}.", hint=did_you_mean(role, held))


def _one_dot(key: str, place: Place) -> Iterator[Problem]:
    """Yield that a key would be the address of a page within another one, such as that of its form."""
    plugin, _dot, name = key.partition(".")
    if "." in name:
        yield place.problem("key", "has more than one dot.", f"Call it {plugin}.{name.replace('.', '_')}.")


PAGES: Mapping[type, Callable[[Any, Place, Names], Iterator[Problem]]] = {ModelPage: check_page, Command: lambda _command, _place, _names: iter(())}
"""What is looked at in pages, and in commands."""
