"""The change engine: plans a change for a selection, applies it in chunks, writes the trail in the same transaction."""

from bo_panel.services.engine.change import Change, Needs, SetChange, SingleChange, Strength, Trail
from bo_panel.services.engine.context import Context
from bo_panel.services.engine.counting import Counted
from bo_panel.services.engine.planned import Ledger, Planned
from bo_panel.services.engine.run import Engine
from bo_panel.services.engine.selection import Changed, Ids, Matching, Selection, only
from bo_panel.services.engine.transaction import LOCKED, writing, written

__all__ = [
    "LOCKED",
    "Change",
    "Changed",
    "Context",
    "Counted",
    "Engine",
    "Ids",
    "Ledger",
    "Matching",
    "Needs",
    "Planned",
    "Selection",
    "SetChange",
    "SingleChange",
    "Strength",
    "Trail",
    "only",
    "writing",
    "written",
]
