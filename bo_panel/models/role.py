"""Roles that belong to a unit; those that plugins declare live in the registry."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Id, Key


class Role(Base):
    """A level per resource, offered at its unit and beneath."""

    __tablename__ = "role"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    unit_id: Mapped[int] = mapped_column(Id, ForeignKey("unit.id"), index=True)
    label: Mapped[str] = mapped_column(String(120))
    levels: Mapped[dict[str, str]] = mapped_column(JSON)
    unit_kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime]
