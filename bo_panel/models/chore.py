"""Housekeeping: what was done when, and who has it in hand."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base


class Chore(Base):
    """Something that one worker of all does now and then; `lease_until` keeps the others from it while it lasts."""

    __tablename__ = "chore"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    done_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
