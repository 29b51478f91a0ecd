"""Where plugins failed, and which of them did so of late."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bo_panel.models import PluginFailure

LATELY = timedelta(days=1)
"""For how long a failure is what there is to say of a plugin."""


def failures(session: Session, plugin: str = "") -> Sequence[PluginFailure]:
    """Return where plugins failed, or one of them, the last first; one statement."""
    rows = select(PluginFailure).order_by(PluginFailure.last_at.desc(), PluginFailure.id.desc())
    return session.scalars(rows.where(PluginFailure.plugin == plugin) if plugin else rows).all()


def failing(session: Session, now: datetime) -> Mapping[str, int]:
    """Return in how many places each plugin failed of late; only those that did. One statement."""
    rows = select(PluginFailure.plugin).where(PluginFailure.last_at > now - LATELY)
    return Counter(session.scalars(rows))
