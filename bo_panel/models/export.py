"""Tables that were exported in the background, kept where every web process can reach them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Id


class ExportFile(Base):
    """The file that an export made; it is here only when it is whole.

    `places` are the paths of the units whose users are on it: whoever can no longer see them all cannot have it either.
    """

    __tablename__ = "export_file"

    job_id: Mapped[int] = mapped_column(Id, ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(index=True)
    places: Mapped[list[Any]] = mapped_column(JSON)
    parts: Mapped[int]
    size: Mapped[int] = mapped_column(Id)


class ExportPart(Base):
    """Some bytes of an export, compressed; parts of a job that was cut off are there without a file."""

    __tablename__ = "export_part"

    job_id: Mapped[int] = mapped_column(Id, ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
