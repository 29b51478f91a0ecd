"""Passwords: argon2id to store them, zxcvbn to judge them."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

WEAKEST = 3
JUDGED = 72
"""How many characters zxcvbn is given; its time grows with the square of the length."""


class Argon2:
    """Argon2id with OWASP's parameters; at most `at_once` hashes are computed at the same time."""

    def __init__(self, at_once: int = 2) -> None:
        """Prepare a hash for those who do not exist, so that a wrong name costs what a wrong password costs."""
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._turns = BoundedSemaphore(at_once)
        self._nobody = self._hasher.hash("nobody")

    def hash(self, password: str) -> str:
        """Return the text to store for this password."""
        with self._turns:
            return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Return whether the password fits; with nothing stored it takes as long and says no."""
        with self._turns:
            try:
                return self._hasher.verify(stored or self._nobody, password) and stored is not None
            except (VerificationError, InvalidHashError):
                return False


class Zxcvbn:
    """Judges a password by how it would be guessed."""

    def complaint(self, password: str, personal: tuple[str, ...]) -> str | None:
        """Return what makes the password easy to guess, or None; `personal` words count as known."""
        from zxcvbn import zxcvbn  # 12 MB of words: only a process in which a password is chosen holds them

        judged = zxcvbn(password[:JUDGED], user_inputs=[word for word in personal if word])
        if judged["score"] >= WEAKEST:
            return None
        warning = str(judged["feedback"]["warning"]).rstrip(".")
        return f"{warning or 'This password is easy to guess'}. A few unrelated words make a good password."
