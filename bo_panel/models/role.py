"""Roles that belong to a unit, and policies, which belong to nobody; those that plugins declare live in the registry."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Id, Key


class Role(Base):
    """A level per resource, offered at its unit and beneath; a policy has no unit, is offered nowhere and never changes."""

    __tablename__ = "role"
    __table_args__ = (CheckConstraint("(unit_id IS NULL) = (key LIKE 'policy:%')", name="only_policies_belong_nowhere"),)

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    unit_id: Mapped[int | None] = mapped_column(Id, ForeignKey("unit.id"), index=True)
    label: Mapped[str] = mapped_column(String(120))
    levels: Mapped[dict[str, str]] = mapped_column(JSON)
    unit_kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    preset: Mapped[str] = mapped_column(String(120), default="", server_default="")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
