"""Who can sign in to a demonstration by a name that is told, and the one password of them all."""

import os
from dataclasses import dataclass
from pathlib import Path

from bo_panel.settings import Settings

FILE = "demo-sign-in.txt"


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody to sign in as."""

    user_name: str
    email: str
    role: str
    place: str


@dataclass(frozen=True, slots=True)
class SignIns:
    """The people to sign in as, and their password."""

    password: str
    people: tuple[NamedPerson, ...]


def sign_in_file(settings: Settings) -> Path:
    """Return where the password of a demonstration is kept."""
    return settings.data_folder / FILE


def keep_sign_ins(settings: Settings, found: SignIns) -> None:
    """Write the file anew, for the eyes of its owner only."""
    path = sign_in_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    lines = [found.password, *("\t".join((person.user_name, person.email, person.role, person.place)) for person in found.people)]
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def read_sign_ins(settings: Settings) -> SignIns | None:
    """Return what the file says, or None when there is none that can be read."""
    try:
        password, *lines = sign_in_file(settings).read_text(encoding="utf-8").splitlines()
        return SignIns(password, tuple(NamedPerson(*line.split("\t")) for line in lines))
    except (OSError, ValueError, TypeError):
        return None
