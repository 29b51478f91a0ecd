"""Failed sign-ins, counted; in the database because it is security state."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base

BLOCKED = text("blocked_until IS NOT NULL")


class Attempt(Base):
    """How often sign-in failed for one account name or from one address since a moment; `account` says with which name, where it is about one."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_blocked_until", "blocked_until", sqlite_where=BLOCKED, postgresql_where=BLOCKED),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime]
    blocked_until: Mapped[datetime | None]
    account: Mapped[str | None] = mapped_column(String(64), index=True)
