"""The accounts."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Enum, ForeignKey, Index, String, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.domain.lifecycle import Status
from bo_panel.models.base import Base, Id, Key
from bo_panel.models.unit import FOLDED

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The last sign-in of somebody who never signed in: sorts last, and spares the list a column with nulls."""

KEPT = text("deleted_at IS NULL")


def _kept(name: str, *columns: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=KEPT, postgresql_where=KEPT)


class User(Base):
    """Someone, or some service, that may hold grants in a unit.

    The walking indexes carry home and away, so that a list narrows to an actor's units without touching the rows.
    """

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("(status = 'deleted') = (deleted_at IS NOT NULL)", name="deleted_at_when_deleted"),
        _kept("uq_user_user_name_key", "user_name_key", unique=True),
        _kept("uq_user_email_key", "email_key", unique=True),
        _kept("ix_user_by_sign_in", "last_sign_in", "id", "home_id", "away"),
        _kept("ix_user_by_name", "sort_name", "id", "home_id", "away"),
        _kept("ix_user_by_user_name", "user_name_key", "id", "home_id", "away"),
        _kept("ix_user_by_id", "id", "home_id", "away"),
        Index("ix_user_by_status", "status", "user_type", "id", "home_id", "away"),
        _kept("ix_user_by_home", "home_id", "id", "last_sign_in", "sort_name", "status", "user_type"),
    )

    id: Mapped[Key]
    home_id: Mapped[int] = mapped_column(Id, ForeignKey("unit.id"))
    away: Mapped[bool] = mapped_column(default=False, server_default=false())
    user_name: Mapped[str] = mapped_column(String(120))
    user_name_key: Mapped[str] = mapped_column(FOLDED)
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254))
    email_deliverable: Mapped[bool] = mapped_column(default=True, server_default=true())
    first_name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    last_name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    sort_name: Mapped[str] = mapped_column(FOLDED, default="", server_default="")
    phone: Mapped[str | None] = mapped_column(String(40))
    user_type: Mapped[str | None] = mapped_column(String(80))
    status: Mapped[Status] = mapped_column(
        Enum(Status, native_enum=False, create_constraint=True, length=12, values_callable=lambda states: [state.value for state in states]),
        default=Status.INVITED,
    )
    profile: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    last_sign_in: Mapped[datetime] = mapped_column(default=NEVER)
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    access_version: Mapped[int] = mapped_column(default=1, server_default="1")
