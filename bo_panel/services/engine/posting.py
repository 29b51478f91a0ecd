"""Writes down what plugins are to be told, in the transaction that did it."""

from sqlalchemy import ColumnElement, func, insert, literal_column, select

from bo_panel.models import AuditEvent, Outgoing
from bo_panel.services.engine.context import Context


def post(context: Context, listeners: tuple[str, ...], trail: ColumnElement[bool]) -> None:
    """Leave what was just put on the trail for the plugins that want to be told: one row for each of them, however many events it is."""
    if not listeners:
        return
    number = AuditEvent.id + literal_column("0")  # PostgreSQL would walk the whole trail for the first one that fits
    first, last = context.session.execute(select(func.min(number), func.max(number)).where(trail)).one()
    shared = {"at": context.now, "change_set_id": context.change_set_id, "upto": first - 1, "last_id": last}
    context.session.execute(insert(Outgoing), [{"plugin": name, **shared} for name in listeners])
