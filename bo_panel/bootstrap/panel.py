"""Everything that a running panel is made of."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy.orm import Session, sessionmaker

from bo_panel.adapters.clock import SystemClock
from bo_panel.adapters.passwords import Argon2, Zxcvbn
from bo_panel.bootstrap.database import DatabaseError, make_engine
from bo_panel.domain.accounts import AccountRules
from bo_panel.domain.ports import Clock, PasswordHasher, PasswordStrength
from bo_panel.hooks.host import Host
from bo_panel.hooks.registry import Registry
from bo_panel.services.engine import Engine
from bo_panel.services.sign_in import Passwords, SignIn
from bo_panel.settings import Settings


@dataclass(frozen=True, slots=True)
class Panel:
    """One deployment at work: its settings, plugins, database and services."""

    settings: Settings
    host: Host
    database: DatabaseEngine
    clock: Clock
    hasher: PasswordHasher
    strength: PasswordStrength

    @classmethod
    def start(cls, settings: Settings, *, clock: Clock | None = None, hasher: PasswordHasher | None = None) -> Self:
        """Return the panel of these settings; raises PluginError or DatabaseError with what is wrong."""
        host = Host.compile(settings)
        hashing = hasher or Argon2(settings.sign_in.concurrent_hashes)
        return cls(settings, host, make_engine(settings), clock or SystemClock(), hashing, Zxcvbn())

    @property
    def registry(self) -> Registry:
        """What the plugins declared."""
        return self.host.registry

    @property
    def engine(self) -> Engine:
        """The change engine of this deployment."""
        users = self.settings.users
        rules = AccountRules(users.email_required, users.phone_region, tuple(users.home_kinds))
        return Engine(self.host, self.clock, rules, self.settings.engine.chunk)

    @property
    def sign_in(self) -> SignIn:
        """The sign-in machine of this deployment."""
        return SignIn(self.settings.sign_in, self.registry, self.clock, self.hasher)

    @property
    def passwords(self) -> Passwords:
        """What checks and changes passwords in this deployment."""
        return Passwords(self.engine, self.hasher, self.strength, self.sign_in.throttle, self.settings.passwords.shortest)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Yield a session for a command or a worker; the web process brings its own."""
        with sessionmaker(self.database, expire_on_commit=False)() as session:
            yield session

    def secret_key(self) -> str:
        """Return the key that signs cookies: the configured one, or one made once and kept beside the data."""
        configured = self.settings.secrets.secret_key.get_secret_value()
        return configured or _kept_key(self.settings.root / "var" / self.settings.deployment.name / "secret_key")


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
