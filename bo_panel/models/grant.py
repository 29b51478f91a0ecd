"""Who holds which role where."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Id, Key

AWAY, AWAY_IN_SQLITE = text("away"), text("away = 1")
"""Said as the queries say it on each database: SQLite takes a partial index only for the very words of its condition."""


class Grant(Base):
    """User × role × unit; holds at that unit and at everything beneath it.

    `away` says that the unit is not the user's home; the change engine keeps it.
    """

    __tablename__ = "grant"
    __table_args__ = (
        UniqueConstraint("user_id", "unit_id", "role_key"),
        Index("ix_grant_by_unit", "unit_id", "user_id", "expires_at"),
        Index("ix_grant_by_unit_away", "unit_id", "user_id", "expires_at", sqlite_where=AWAY_IN_SQLITE, postgresql_where=AWAY),
        Index("ix_grant_by_user_away", "user_id", "unit_id", "expires_at", sqlite_where=AWAY_IN_SQLITE, postgresql_where=AWAY),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(Id, ForeignKey("user.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(Id, ForeignKey("unit.id"))
    role_key: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(40), default="admin")
    expires_at: Mapped[datetime | None]
    away: Mapped[bool]
    created_at: Mapped[datetime]
