"""Work that goes on in the background: what is to be done, who has it in hand, and how far it has come."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from bo_panel.domain.jobs import JobState
from bo_panel.models.base import Base, Id, Key


class Job(Base):
    """A change of many users, done in transactions that each move the checkpoint on.

    Whoever works on it holds the lease until `lease_until`; `fence` grows with each new holder, and a transaction of an
    earlier one no longer counts. One that waits is left alone until `lease_until` if something got in its way. `attempts` is how
    often it was begun since the checkpoint last moved. `refusal` is the code of what stopped it, or of why it waits.
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_by_state", "state", "id"), Index("ix_job_by_actor", "actor_id", "id"))

    id: Mapped[Key]
    created_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(Id, ForeignKey("user.id"))
    actor_name: Mapped[str] = mapped_column(String(120))
    door: Mapped[str] = mapped_column(String(20))
    task: Mapped[dict[str, Any]] = mapped_column(JSON)
    selection: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(400), default="", server_default="")
    state: Mapped[JobState] = mapped_column(
        Enum(JobState, native_enum=False, create_constraint=True, length=12, values_callable=lambda states: [state.value for state in states]),
        default=JobState.WAITING,
    )
    change_set_id: Mapped[int | None] = mapped_column(Id, ForeignKey("change_set.id"))
    expected: Mapped[int] = mapped_column(default=0)
    checkpoint: Mapped[int] = mapped_column(Id, default=0)
    selected: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    cancel_asked: Mapped[bool] = mapped_column(default=False, server_default=false())
    refusal: Mapped[str | None] = mapped_column(String(60))
    told: Mapped[str | None] = mapped_column(String(400))
    holder: Mapped[str | None] = mapped_column(String(80))
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    lease_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
