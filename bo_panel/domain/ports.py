"""What the panel needs from the world outside, as interfaces."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        ...


class Messenger(Protocol):
    """Carries word to the workers that there is something to do."""

    def wake(self) -> None:
        """Tell them; if nobody can be told, they find out by themselves a little later."""
        ...


class PasswordHasher(Protocol):
    """Turns passwords into something that may be stored."""

    def hash(self, password: str) -> str:
        """Return the text to store for this password."""
        ...

    def verify(self, stored: str | None, password: str) -> bool:
        """Return whether the password fits; with nothing stored it takes as long and says no."""
        ...


class PasswordStrength(Protocol):
    """Tells weak passwords from good ones."""

    def complaint(self, password: str, personal: tuple[str, ...]) -> str | None:
        """Return what makes the password easy to guess, or None; `personal` words count as known."""
        ...
