"""What a plugin can have counted of a unit."""

from sqlalchemy.orm import Session

from bo_panel.domain.units import UnitPath
from bo_panel.hooks.unit_contributions import UnitSnapshot
from bo_panel.queries.holders import Holders, holders
from bo_panel.queries.visible import Scope


def role_holders(session: Session, unit: UnitSnapshot) -> Holders:
    """Return how many users hold each role at a unit and beneath; that of a user type is `type:<key>`, of a toggle `toggle:<key>`.

    One statement. Where there are more than some thousands of grants, not all are counted, and `complete` says so.
    """
    return holders(session, Scope((UnitPath(unit.path),)), unit.at)
