"""The searchable text of each user, beside the row so that a bulk change need not touch it."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Id


class UserSearch(Base):
    """One document per user; a trigram index on PostgreSQL, a trigram FTS5 table kept by triggers on SQLite (see migrations)."""

    __tablename__ = "user_search"

    user_id: Mapped[int] = mapped_column(Id, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    document: Mapped[str] = mapped_column(Text)
