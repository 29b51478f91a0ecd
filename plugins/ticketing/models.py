"""Members: people who buy, and sign in to no back office."""

from datetime import date

from sqlalchemy import Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.sdk import RecordColumns, plugin_base, unit_reference, user_reference

Base = plugin_base("ticketing")


class Member(RecordColumns, Base):  # type: ignore[misc,valid-type]
    """Somebody who buys from an organization; no account, and no access to anything."""

    __tablename__ = "p_ticketing_member"
    __table_args__ = (
        UniqueConstraint("organization_id", "member_number_key"),
        Index(None, "organization_id", "sort_key", "id"),
        Index(None, "sort_key", "id"),
        Index(None, "leader_id"),
    )

    organization_id: Mapped[int] = unit_reference()
    leader_id: Mapped[int | None] = user_reference()
    first_name: Mapped[str] = mapped_column(String(120))
    last_name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254))
    mobile: Mapped[str | None] = mapped_column(String(40))
    member_number: Mapped[str | None] = mapped_column(String(60))
    member_number_key: Mapped[str | None] = mapped_column(String(800))
    joined: Mapped[date | None]
    active: Mapped[bool] = mapped_column(server_default=true())
    note: Mapped[str | None] = mapped_column(String(2_000))
