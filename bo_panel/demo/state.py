"""What a deployment's tables hold before it is filled with a demonstration."""

from enum import Enum, auto

from sqlalchemy import exists, func, inspect, select

from bo_panel.bootstrap import Panel
from bo_panel.demo.filling import FILLED
from bo_panel.models import AuditEvent, Unit, User


class State(Enum):
    """What a deployment's tables hold."""

    EMPTY = auto()
    FILLED = auto()
    IN_USE = auto()


def state_of(panel: Panel) -> State:
    """Return whether there is nothing yet, a demonstration, or something that people made."""
    if not inspect(panel.database).has_table(User.__tablename__):
        return State.EMPTY
    with panel.session() as session:
        if session.scalar(select(exists().where(AuditEvent.event == FILLED))):
            return State.FILLED
        used = session.scalar(select(exists().where(User.id > 0))) or session.scalar(select(func.count()).select_from(Unit)) != 1
        return State.IN_USE if used else State.EMPTY
