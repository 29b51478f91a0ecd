"""Who is signed in, from where."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Id, Key


class SignInSession(Base):
    """One browser that somebody signed in with; the cookie's secret is stored hashed."""

    __tablename__ = "session"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(Id, ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")

    def __repr__(self) -> str:
        """Show whose it is, never the token."""
        return f"<SignInSession {self.id} of user {self.user_id}>"
