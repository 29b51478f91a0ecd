"""The tree of units."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Id, Key

PATH = String(400).with_variant(String(400, collation="C"), "postgresql")
FOLDED = String(240).with_variant(String(240, collation="C"), "postgresql")


class Unit(Base):
    """A node of the tree; its subtree is one range of paths."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("(parent_id IS NULL) = (kind = 'root')", name="only_the_root_has_no_parent"),
        Index("ix_unit_kind_sort_name", "kind", "sort_name", "id"),
    )

    id: Mapped[Key]
    parent_id: Mapped[int | None] = mapped_column(Id, ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    sort_name: Mapped[str] = mapped_column(FOLDED)
    path: Mapped[str] = mapped_column(PATH, unique=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    founder_email_key: Mapped[str | None] = mapped_column(String(254))
    """The e-mail address, in its comparable form, that the first owner came with."""
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
