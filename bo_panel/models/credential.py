"""What somebody signs in with."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.models.base import Base, Id


class Credential(Base):
    """An argon2id hash, and whether its owner has yet to choose a password of his own."""

    __tablename__ = "credential"

    user_id: Mapped[int] = mapped_column(Id, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    must_change: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]

    def __repr__(self) -> str:
        """Show whose it is and nothing else."""
        return f"<Credential of user {self.user_id}>"
