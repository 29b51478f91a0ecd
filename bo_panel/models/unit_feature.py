"""Features switched at units."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Id


class UnitFeature(Base):
    """A feature on or off at a unit and beneath, where that is otherwise than above it."""

    __tablename__ = "unit_feature"

    unit_id: Mapped[int] = mapped_column(Id, ForeignKey("unit.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    enabled: Mapped[bool]
