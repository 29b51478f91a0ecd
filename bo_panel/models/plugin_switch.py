"""Where plugins are switched off, and on again."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Id


class PluginSwitch(Base):
    """Whether a plugin is on at a unit; off there, it is off for everything beneath."""

    __tablename__ = "plugin_switch"

    plugin: Mapped[str] = mapped_column(String(60), primary_key=True)
    unit_id: Mapped[int] = mapped_column(Id, ForeignKey("unit.id"), primary_key=True)
    on: Mapped[bool]
