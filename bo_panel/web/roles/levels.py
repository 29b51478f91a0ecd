"""Levels of a ladder as people read them: a word, and how high it stands."""

from collections.abc import Sequence
from typing import TypeAlias

from bo_panel.domain.access import Ladder
from bo_panel.web.translating import gettext

Rung: TypeAlias = tuple[str, bool]
"""A level in words, and whether it is held."""


def level_word(level: str) -> str:
    """Return a level in words; '' for none."""
    usual = {"view": gettext("View"), "edit": gettext("Edit"), "create": gettext("Create"), "delete": gettext("Delete"), "export": gettext("Export")}
    return usual.get(level, level.replace("_", " ").capitalize())


def rungs_of(ladder: Ladder, rung: int) -> Sequence[Rung]:
    """Return the levels of a ladder, the lowest first, held up to this one."""
    return [(level_word(level), height <= rung) for height, level in enumerate(ladder.levels, 1)]
