"""What plugins answer when they are asked to show something of users, in the right form or not at all."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from bo_panel.domain.identifiers import is_writable
from bo_panel.hooks.on_users import Column, Listed, PanelFact, UserPanel


def loaded(column: Column, users: Listed) -> Mapping[int, str]:
    """Return what a column shows of these users; raise TypeError for anything but texts, or numbers, by id."""
    found: Any = column.load(users) if column.load else {}
    if not isinstance(found, Mapping) or not all(isinstance(value, str | int | None) and is_writable(str(value)) for value in found.values()):
        raise TypeError("load returned something else than texts by the ids of users")
    return {user_id: str(value) for user_id, value in found.items() if value not in (None, "")}


def panels_in(answers: Iterable[Any]) -> tuple[UserPanel, ...]:
    """Return the panels among the answers, all that they hold as texts; raise TypeError for anything else."""
    return tuple(_right(panel) for answer in answers for panel in _several(answer))


def _several(answer: object) -> Iterable[object]:
    if isinstance(answer, Iterable):
        return answer
    raise TypeError(f"bo_user_panels returned one {type(answer).__name__}; return a list, or yield")


def _right(panel: object) -> UserPanel:
    if isinstance(panel, UserPanel) and isinstance(panel.title, str):
        facts = tuple(panel.facts)
        if all(isinstance(fact, PanelFact) for fact in facts):
            texts = [(str(fact.label), str(fact.value), str(fact.url)) for fact in facts]
            if all(map(is_writable, (panel.title, *chain.from_iterable(texts)))):
                return UserPanel(panel.title, tuple(PanelFact(*three) for three in texts))
    raise TypeError(f"bo_user_panels gave a {type(panel).__name__}, not a UserPanel of facts")
