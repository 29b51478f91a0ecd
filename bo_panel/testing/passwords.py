"""Hashes that cost nothing, and are counted."""

import hashlib
from threading import Lock


class CheapHasher:
    """A PasswordHasher for tests: safe for nobody, and done at once."""

    def __init__(self) -> None:
        """Begin to count."""
        self.calls = 0
        self._lock = Lock()

    def hash(self, password: str) -> str:
        """Return the text to store for this password."""
        self._count()
        return _cheap(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Return whether the password fits."""
        self._count()
        return stored is not None and stored == _cheap(password)

    def _count(self) -> None:
        with self._lock:
            self.calls += 1


def _cheap(password: str) -> str:
    return "cheap$" + hashlib.sha256(password.encode(errors="replace")).hexdigest()
