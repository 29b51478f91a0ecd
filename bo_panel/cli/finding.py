"""What `bo doctor` finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is (ok, warn or fail), and what to do about it."""

    about: str
    state: str
    says: str
