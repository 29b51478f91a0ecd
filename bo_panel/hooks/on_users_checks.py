"""What does not fit together in what plugins add to the list and to the form of users."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from string import Formatter
from typing import Any

from bo_panel.domain.access import MEMBER
from bo_panel.domain.lifecycle import MOVES, Status
from bo_panel.domain.profile_fields import FieldType
from bo_panel.hooks.icons import icon_names
from bo_panel.hooks.on_users import Action, Column
from bo_panel.hooks.pages import ModelPage
from bo_panel.hooks.problems import Problem
from bo_panel.hooks.references import NONE, Names, Place, unknown_keys, unknown_levels
from bo_panel.settings.suggestion import did_you_mean

LARGEST = 2**53
"""The largest number that the list is narrowed by; no browser knows larger ones exactly."""
NAMES: dict[str, tuple[str, tuple[object, ...]]] = {"title_one": ("name", ("Ada",)), "title_many": ("n", (2, "2"))}
"""What stands between braces in a sentence; of many, the number is a text with commas."""


def check_column(column: Column, place: Place, names: Names) -> Iterator[Problem]:
    """Yield what is wrong with a column of the list."""
    if (column.sql is None) is (column.load is None):
        yield place.problem("sql", "a column is worked out by the database, or loaded.", "Give one of sql and load.")
    if column.sql is None and (column.sortable or column.at_least):
        field = "sortable" if column.sortable else "at_least"
        yield place.problem(field, "goes with sql alone: only the database has it of everybody.", "Leave it out.")
    if column.at_least and not column.number:
        yield place.problem("at_least", "goes with a number.", "Say number=True, or leave it out.")
    if any(abs(least) > LARGEST for least in column.at_least):
        yield place.problem("at_least", f"goes up to {LARGEST}.", "Name smaller numbers.")
    if column.needs and (column.sortable or column.at_least):
        yield place.problem("needs", "a list that is sorted or narrowed by it gives away what not everybody may see.", "Leave out one of the two.")
    yield from _needs(column.needs, place, names)


def check_action(action: Action, place: Place, names: Names) -> Iterator[Problem]:
    """Yield what is wrong with an action."""
    yield from _making(action, place)
    yield from _page(action.page, place, names)
    yield from _needs(action.needs, place, names)
    if action.move and action.move not in MOVES:
        yield place.problem("move", f"there is no move {action.move!r}.", f"There are {', '.join(MOVES)}.", did_you_mean(action.move, MOVES))
    if action.icon not in icon_names():
        yield place.problem("icon", f"there is no icon {action.icon!r} in lucide.", hint=did_you_mean(action.icon, icon_names()))
    if Status.DELETED in action.statuses:
        yield place.problem("statuses", "nobody sees deleted users.", "Name other statuses.")
    if action.user_type:
        yield from unknown_keys((action.user_type,), "user_type", place, names)
    for field in ("user_types", "toggles", "gives", "takes", "values"):
        yield from unknown_keys(tuple(getattr(action, field)), field, place, names)
    yield from _access(action, place, names)
    yield from _values(action, place, names)


def _access(action: Action, place: Place, names: Names) -> Iterator[Problem]:
    for field in ("gives", "takes"):
        if MEMBER in getattr(action, field):
            yield place.problem(field, "everybody stays a member of his home.", "Name another role.")
    for role in set(action.gives) & set(action.takes):
        yield place.problem("takes", f"{role} is given as well.", "Take it out of one of the two.")
    given = {key: names.roles[key] for key in action.gives if key in names.roles}
    alone = [key for key, role in given.items() if role.exclusive]
    if alone and sum(role.owner or any(level != NONE for level in role.levels.values()) for role in given.values()) > 1:
        yield place.problem("gives", f"{alone[0]} is held alone.", "Give no other role with it.")
    for role in action.gives:
        if any(rule.governs(role) and role in names.roles and names.roles[role].fits(rule.unit_kind) for rule in names.rules):
            yield place.problem("gives", f"a rule says at which places {role} is held together.", "Give another role.")


def _values(action: Action, place: Place, names: Names) -> Iterator[Problem]:
    fields = [names.profile_fields[key] for key in action.values if key in names.profile_fields]
    for found in fields:
        if found.type is FieldType.IMAGE:
            yield place.problem("values", f"{found.key} is a picture, which has no words.", "Leave it out.")
        elif found.unique:
            yield place.problem("values", f"no two users share {found.key}.", "Leave it out.")


def _making(action: Action, place: Place) -> Iterator[Problem]:
    if len(action.makes) != 1:
        yield place.problem("move", "an action does one thing.", "Give one of move, user_type (or gives and takes), values and page.")
    if not action.kinds:
        yield place.problem("kinds", "is empty, so that it would stand nowhere.", "Name at least one of toolbar, row, bulk and detail.")
    if bool(action.page) is not (action.kinds == ("toolbar",)):
        yield place.problem("kinds", "a page stands in the toolbar, and a change does not.", "Give one of the two.")
    if action.user_type and (action.gives or action.takes):
        yield place.problem("user_type", "a type brings its roles, and takes the others.", "Leave out gives and takes.")
    if action.toggles and not action.user_type:
        yield place.problem("toggles", "goes with a type.", "Leave it out.")
    for field in () if action.page else NAMES:
        yield from _sentence(getattr(action, field), field, place)


def _page(page: str, place: Place, names: Names) -> Iterator[Problem]:
    steps = page.removeprefix("/pages/").split("/")
    keys = (steps[0], ".".join(steps[:2]))  # of a page, or of something beneath it
    if page and page not in names.pages and all(names.unknown(key, (), ModelPage) for key in keys):
        yield place.problem("page", f"leads to {page!r}, which is no page.", hint=did_you_mean(page, names.pages))


def _sentence(said: str, field: str, place: Place) -> Iterator[Problem]:
    name, examples = NAMES[field]
    if not said.strip():
        yield place.problem(field, "is empty.", f"Ask whether to do it, with {{{name}}}.")
        return
    try:
        for example in examples:
            said.format(**{name: example})
        parts = list(Formatter().parse(said))
        plain = all(found in (None, name) and not how and not turned and not {*text} & {*"{}"} for text, found, how, turned in parts)
    except (LookupError, ValueError, AttributeError, TypeError, MemoryError):
        plain = False
    if not plain:
        yield place.problem(field, f"has other braces than {{{name}}}.", "Leave them out.")


def _needs(needs: tuple[str, str] | None, place: Place, names: Names) -> Iterator[Problem]:
    for problem in unknown_levels(dict([needs]), place, names, "needs") if needs is not None else ():
        yield replace(problem, field="needs")


ON_USERS: Mapping[type, Callable[[Any, Place, Names], Iterator[Problem]]] = {Column: check_column, Action: check_action}
"""What is looked at in columns, and in actions."""
