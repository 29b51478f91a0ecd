"""Fills a deployment with made-up units, roles and people, to look at and to measure with."""

from bo_panel.demo.filling import fill
from bo_panel.demo.signing_in import SignIns, keep_sign_ins, read_sign_ins
from bo_panel.demo.state import State, state_of
from bo_panel.demo.tree import DemoProblem

__all__ = ["DemoProblem", "SignIns", "State", "fill", "keep_sign_ins", "read_sign_ins", "state_of"]
