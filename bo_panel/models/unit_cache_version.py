"""Versions of what processes keep of units: cleared, it has another number, and what was kept by the old one is asked for no more."""

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Id


class UnitCacheVersion(Base):
    """What is kept in one domain of a unit and of all that is beneath it, with a number for each time that it was cleared."""

    __tablename__ = "unit_cache_version"

    unit_id: Mapped[int] = mapped_column(Id, ForeignKey("unit.id"), primary_key=True)
    domain: Mapped[str] = mapped_column(String(120), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
