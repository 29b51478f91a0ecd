"""Giving somebody levels that were put together by hand for one unit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, exists, insert, select

from bo_panel.domain.access import at_or_below
from bo_panel.domain.errors import AboveOwnAccess
from bo_panel.domain.identifiers import NAME_LIMIT
from bo_panel.domain.policies import policy_key
from bo_panel.hooks.registry import Registry
from bo_panel.models import Role
from bo_panel.queries.roles import Policy, RoleBook
from bo_panel.queries.units import Place
from bo_panel.services.changes.access import GiveRole, TakeRole, told_of
from bo_panel.services.changes.levels import checked_levels
from bo_panel.services.engine import Context, SetChange, Strength

BY_HAND = "Policy"
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class GivePolicy(GiveRole):
    """Give users levels at a unit as a role of their own making: `role` is the key of its content."""

    policy: Policy
    left: Mapping[str, str] = field(default_factory=dict)
    """What of its levels plugins that are gone left: whoever holds the role keeps that, and it is not given anew."""

    key = "users.policy"
    strength = Strength.CONTAIN  # a policy takes the place of all that somebody holds at the unit, so it is not changed over his head

    def notice(self) -> Mapping[str, Any]:
        """Return the levels and the unit."""
        return {"role": self.role, "units": sorted(self.unit_ids), "levels": dict(self.policy.levels)}

    def begin(self, context: Context) -> None:
        """Write down the policy, unless somebody holds, or held, the same."""
        if not context.session.scalar(select(exists().where(Role.key == self.role))):
            values = {"key": self.role, "label": self.policy.label, "levels": dict(self.policy.levels), "preset": self.policy.preset}
            context.session.execute(insert(Role).values(**values, unit_id=None, unit_kinds=[], created_at=context.now))

    def book(self, context: Context) -> RoleBook:
        """Return the book that knows the policy, written down or not."""
        return RoleBook(context.registry, policies={self.role: self.policy})

    def check_given(self, context: Context, given: Sequence[Place]) -> None:
        """Raise unless all of it exists at each of these units, and stays at or below what the actor holds there."""
        vector = self.book(context).vector_of(self.role)
        for place in given:
            new = {key: level for key, level in self.policy.levels.items() if key not in self.left or key in context.registry.resources}
            checked_levels(context.registry, new, place.kind)
            if not at_or_below(vector, context.actor.access.at(place.path)):
                raise AboveOwnAccess("levels", role=self.policy.label, unit=place.name)

    def given(self, context: Context) -> Mapping[str, ColumnElement[Any]]:
        """Return what the trail tells of it."""
        return told_of(self.policy.levels, context)


def policy_changes(policy: Policy, unit: Place, held: Sequence[str], left: Mapping[str, str] = NOTHING) -> Sequence[SetChange]:
    """Return what makes a policy all that somebody holds at a unit, who holds these roles there; a policy of nothing is none.

    What plugins that are gone `left` in the roles stays with the rest, until all is taken.
    """
    if left and policy.levels:
        policy = replace(policy, levels=dict(sorted({**left, **policy.levels}.items())))
    key, units = policy_key(policy.levels, policy.preset, policy.label), frozenset({unit.id})
    old = [role for role in dict.fromkeys(held) if role != key]
    new = [GivePolicy(role=key, unit_ids=units, policy=policy, left=left)] if policy.levels and key not in held else []
    return [*new, *(TakeRole(role=role, unit_ids=units) for role in old)]


def left_in(book: RoleBook, held: Iterable[str]) -> Mapping[str, str]:
    """Return the levels that plugins that are gone left in these roles; of several, the first counts."""
    return {key: level for role in reversed([*held]) for key, level in book.left_of(role).items()}


def policy_of(registry: Registry, levels: Mapping[str, str], preset: str, kind: str) -> Policy:
    """Return the policy with these levels at a unit of this kind, called after the preset that it started from, if there was one."""
    chosen = {key: level for key, level in sorted(levels.items()) if level != "none"}
    start = next((found for found in registry.presets_for(kind) if found.key == preset), None)
    if start is None:
        return Policy(BY_HAND, chosen, "")
    there = {resource.key for resource in registry.resources_at(kind)}
    same = chosen == {key: level for key, level in start.levels.items() if key in there and level != "none"}
    return Policy((start.label if same else f"{start.label} + changes")[:NAME_LIMIT], chosen, start.key)
