"""What was done in one go, and what was refused in it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Id, Key


class ChangeSet(Base):
    """One run of the change engine: who, through which door, what, and how it went."""

    __tablename__ = "change_set"

    id: Mapped[Key]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(Id, ForeignKey("user.id"))
    actor_name: Mapped[str] = mapped_column(String(120))
    door: Mapped[str] = mapped_column(String(20))
    change: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(400), default="")
    selection: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    """Whom it was about: how many were `named`, the `query` that they matched, or the run that `changed_by` names."""
    selected: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)


class RefusedRow(Base):
    """Somebody of a selection whom a change left alone, and why."""

    __tablename__ = "refused_row"

    change_set_id: Mapped[int] = mapped_column(Id, ForeignKey("change_set.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(Id, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str | None] = mapped_column(String(400))


class Undo(Base):
    """A run that takes another one back."""

    __tablename__ = "undo"

    change_set_id: Mapped[int] = mapped_column(Id, ForeignKey("change_set.id"), primary_key=True)
    undoes_id: Mapped[int] = mapped_column(Id, ForeignKey("change_set.id"), index=True)
