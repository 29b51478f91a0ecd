"""The key that signs cookies and messages."""

import os
import secrets
from pathlib import Path

from bo_panel.bootstrap.database import DatabaseError
from bo_panel.settings import Settings


def secret_key(settings: Settings) -> str:
    """Return the key that signs cookies and messages: the configured one, or one made once and kept beside the data."""
    return settings.secrets.secret_key.get_secret_value() or _kept_key(settings.data_folder / "secret_key")


def _kept_key(path: Path) -> str:
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text()
    except FileExistsError:
        return path.read_text()
    except OSError as problem:
        raise DatabaseError(f"{path} cannot be written: {problem.strerror}. Set SECRET_KEY, or make the folder writable.") from problem
