"""What plugins are still to be told."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Id, Key


class Outgoing(Base):
    """What one transaction of a run put on the trail, for one plugin; deleted once the plugin was told all of it.

    The events are those of the run above `upto` and up to `last_id`. Nobody touches it before `not_before`: a worker tells it
    to the plugin just now, or the plugin failed. `fence` grows with each worker, and an earlier one no longer counts.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_by_run", "plugin", "change_set_id", "id"),)

    id: Mapped[Key]
    at: Mapped[datetime]
    plugin: Mapped[str] = mapped_column(String(60))
    change_set_id: Mapped[int] = mapped_column(Id, ForeignKey("change_set.id"))
    upto: Mapped[int] = mapped_column(Id)
    last_id: Mapped[int] = mapped_column(Id)
    not_before: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was begun since the plugin last took anything of it."""
    told: Mapped[str | None] = mapped_column(String(200))
    """Where the plugin failed last."""
    dead_at: Mapped[datetime | None]
    """Since when it is tried no more."""
