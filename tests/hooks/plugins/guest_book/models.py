"""What visitors wrote."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.sdk import plugin_base

Base = plugin_base("guest_book")


class Entry(Base):
    """One line in the guest book."""

    __tablename__ = "p_guest_book_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200))
    stars: Mapped[int | None]
