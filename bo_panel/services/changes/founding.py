"""Who signed a unit up: noted once, with its first owner."""

from collections.abc import Sequence

from sqlalchemy import exists, not_, update

from bo_panel.models import Grant, Unit, User
from bo_panel.services.engine import Context, Trail


def founded(context: Context, owner: User) -> Sequence[Trail]:
    """Note the e-mail address that the first owner of his home comes with, and return what the trail shows; nothing where he is not the first."""
    others = exists().where(Grant.unit_id == owner.home_id, Grant.role_key.in_(context.registry.owner_roles), Grant.user_id != owner.id)
    first = (Unit.id == owner.home_id, Unit.founder_email_key.is_(None), not_(others))
    noted = update(Unit).where(*first).values(founder_email_key=owner.email_key).returning(Unit.id)
    if owner.email_key is None or context.session.scalar(noted) is None:
        return []
    return [Trail("units.founded", owner.home_id, owner.id, {}, {"email": owner.email})]
