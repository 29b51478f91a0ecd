"""The trail: what became of whom, before and after."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Id, Key


class AuditEvent(Base):
    """One thing that happened; written in the transaction that did it, and never changed.

    `unit_id` is where it happened: the unit of a grant, else the user's home, else the unit itself.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_by_change_set", "change_set_id", "step", "user_id"),
        Index("ix_audit_event_by_unit", "unit_id", "id"),
        Index("ix_audit_event_by_user", "user_id", "id"),
    )

    id: Mapped[Key]
    at: Mapped[datetime]
    change_set_id: Mapped[int | None] = mapped_column(Id, ForeignKey("change_set.id"))
    step: Mapped[int] = mapped_column(default=0)
    actor_id: Mapped[int | None] = mapped_column(Id, ForeignKey("user.id"))
    actor_name: Mapped[str] = mapped_column(String(120))
    event: Mapped[str] = mapped_column(String(60))
    user_id: Mapped[int | None] = mapped_column(Id, ForeignKey("user.id"))
    unit_id: Mapped[int] = mapped_column(Id, ForeignKey("unit.id"))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
