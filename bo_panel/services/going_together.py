"""What somebody new may hold at once: each rule about roles, places and toggles asked of all that he is to be given."""

from collections.abc import Collection, Mapping, Sequence

from bo_panel.domain.errors import OneType
from bo_panel.queries.roles import RoleBook
from bo_panel.queries.units import Place
from bo_panel.services.exclusive_roles import check_alone
from bo_panel.services.field_rules import check_together
from bo_panel.services.user_types import check_toggles


def check_all_together(roles: RoleBook, held: Mapping[str, Sequence[Place]], user_type: str, toggles: Collection[str]) -> None:
    """Raise where these roles, each at its places, and these toggles do not go together."""
    for role, places in held.items():
        check_together(roles.registry, role, places)
    types = [role for role in held if role in roles.registry.types]
    if len(types) > 1:
        raise OneType("role")
    check_alone(roles, held.keys())
    check_toggles(roles.registry, types[0] if types else user_type, toggles)
