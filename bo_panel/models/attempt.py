"""Failed sign-ins, counted; in the database because it is security state."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base


class Attempt(Base):
    """How often sign-in failed for one account name or from one address since a moment."""

    __tablename__ = "attempt"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime]
    blocked_until: Mapped[datetime | None]
