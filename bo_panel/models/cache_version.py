"""Versions of what processes keep: when one is not as it was, what was kept is read again."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base

CONFIGURATION = "configuration"
"""What administrators set up, such as roles of units; triggers give it another version whenever it changes, by whatever door."""


class CacheVersion(Base):
    """One domain with a number that is never the same after a change."""

    __tablename__ = "cache_version"

    domain: Mapped[str] = mapped_column(String(120), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
