"""Fills a deployment with made-up units, roles and people, to look at and to measure with."""

from bo_panel.demo.filling import State, fill, state_of
from bo_panel.demo.signing_in import SignIns, read_sign_ins

__all__ = ["SignIns", "State", "fill", "read_sign_ins", "state_of"]
