"""Pictures of people, for those who may see them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bo_panel.models import ProfileImage, Unit, User
from bo_panel.queries.sql import within
from bo_panel.queries.visible import Scope


def picture_row(session: Session, scope: Scope, user_id: int, field: str) -> Any | None:
    """Return `digest, content` of a picture, with `path, kind` of its owner's home; None for none of somebody at home in scope. One statement."""
    rows = select(ProfileImage.digest, ProfileImage.content, Unit.path, Unit.kind).join(User, User.id == ProfileImage.user_id)
    mine = rows.join(Unit, Unit.id == User.home_id).where(ProfileImage.user_id == user_id, ProfileImage.field == field)
    return session.execute(mine.where(User.deleted_at.is_(None), within(Unit.path, scope.paths))).one_or_none()
