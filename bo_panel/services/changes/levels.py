"""Levels that somebody chose, for a role or a policy."""

from collections.abc import Mapping

from bo_panel.domain.access import Vector
from bo_panel.domain.errors import ForATime, UnknownLevel
from bo_panel.domain.units import UnitPath
from bo_panel.hooks.registry import Registry
from bo_panel.services.engine import Context


def checked_levels(registry: Registry, levels: Mapping[str, str], kind: str) -> dict[str, str]:
    """Return the levels without those that are none; raise UnknownLevel for what there is not at units of this kind."""
    known = {resource.key: resource for resource in registry.resources_at(kind)}
    for key, level in levels.items():
        if key not in known or level not in ("none", *known[key].levels):
            raise UnknownLevel("levels", resource=known[key].label if key in known else key[:80], level=level[:80])
    return {key: levels[key] for key in sorted(levels) if levels[key] != "none"}


def check_for_good(context: Context, vector: Vector, path: UnitPath, role: str) -> None:
    """Raise ForATime where the actor himself holds this much for a time only; what is put into a role stays with whoever holds it."""
    if context.actor.access.until(vector, path) is not None:
        raise ForATime("levels", role=role)
