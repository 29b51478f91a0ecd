"""What a password must be like, and how one is made."""

import secrets

ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LONGEST = 256


def generated(length: int = 20) -> str:
    """Return a new random password without look-alike characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def complaint(password: str, shortest: int) -> str | None:
    """Return what is wrong with the password's length, or None."""
    if len(password) < shortest:
        return f"Use at least {shortest} characters. A few unrelated words make a good password."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    return None
