"""Where plugins failed."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Key


class PluginFailure(Base):
    """A place where a plugin failed, how often, and when first and last; what its exception said is in the log alone."""

    __tablename__ = "plugin_error"
    __table_args__ = (UniqueConstraint("plugin", "hook", "place"),)

    id: Mapped[Key]
    plugin: Mapped[str] = mapped_column(String(60))
    hook: Mapped[str] = mapped_column(String(120))
    """The hook, or the place of a page that it was drawing."""
    place: Mapped[str] = mapped_column(String(200))
    count: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
