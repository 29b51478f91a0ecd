"""Profile fields that belong to a unit, the values that no two users share, and pictures; fields that plugins declare live in the registry."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, text, true
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Id, Key

FIELD_KEY = 120
VALUE_KEY = 800
VALUE_BYTES = 2_400
"""How long a value in its comparable form is at most, in characters and in UTF-8: PostgreSQL indexes no more than 2,704 bytes, the field included."""
KEPT = text("kept")


class OwnField(Base):
    """A field for users at home at its unit and beneath. A removed one is kept until it is purged, with what is stored in it."""

    __tablename__ = "profile_field"

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(Id, ForeignKey("unit.id"), index=True)
    key: Mapped[str] = mapped_column(String(FIELD_KEY), unique=True)
    label: Mapped[str] = mapped_column(String(120))
    type: Mapped[str] = mapped_column(String(20))
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    position: Mapped[int]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class ProfileValue(Base):
    """The comparable form of a value in a field whose values tell users apart; of those who are deleted it is not kept from others."""

    __tablename__ = "profile_value"
    __table_args__ = (Index("uq_profile_value_field_value_key", "field", "value_key", unique=True, sqlite_where=KEPT, postgresql_where=KEPT),)

    user_id: Mapped[int] = mapped_column(Id, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    field: Mapped[str] = mapped_column(String(FIELD_KEY), primary_key=True)
    value_key: Mapped[str] = mapped_column(String(VALUE_KEY))
    kept: Mapped[bool] = mapped_column(default=True, server_default=true())


class ProfileImage(Base):
    """A picture in a field of a profile, drawn anew by the panel; the profile holds its digest."""

    __tablename__ = "profile_image"

    user_id: Mapped[int] = mapped_column(Id, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    field: Mapped[str] = mapped_column(String(FIELD_KEY), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
