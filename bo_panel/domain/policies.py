"""Policies: levels put together by hand, kept as roles without a name of their own, the same for the same content."""

import json
from collections.abc import Collection, Mapping
from hashlib import sha256

POLICY = "policy:"
"""Before the key of every policy."""


def is_policy(role_key: str) -> bool:
    """Return whether a role is a policy."""
    return role_key.startswith(POLICY)


def policy_key(levels: Mapping[str, str], preset: str, label: str) -> str:
    """Return the key of the policy with this content; nobody can find another content with the same key."""
    content = json.dumps([sorted(levels.items()), preset, label], ensure_ascii=False)
    return POLICY + sha256(content.encode()).hexdigest()[:40]


def rung_chosen(ticked: Collection[int], was: int) -> int:
    """Return how high on a ladder somebody meant to go who left these rungs ticked, where all up to `was` were ticked before.

    A rung includes those beneath it, so ticking one is ticking those, and clearing one is clearing those above it. Where both was
    done, clearing counts.
    """
    cleared = [rung for rung in range(1, was + 1) if rung not in ticked]
    return cleared[0] - 1 if cleared else max(ticked, default=0)
