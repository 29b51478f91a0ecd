"""Everything that a running panel is made of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy.orm import Session, sessionmaker

from bo_panel.adapters.clock import SystemClock
from bo_panel.adapters.passwords import Argon2, Zxcvbn
from bo_panel.adapters.queue import HueyMessenger, queue_of
from bo_panel.bootstrap.keys import secret_key
from bo_panel.bootstrap.plugins import host_with_database
from bo_panel.domain.accounts import AccountRules
from bo_panel.domain.ports import Clock, PasswordHasher, PasswordStrength
from bo_panel.hooks.host import Host
from bo_panel.hooks.registry import Registry
from bo_panel.jobs import Exports, Jobs, Outbox, Schedule, Worker, duties_of, find_anew, slept
from bo_panel.services.engine import Engine
from bo_panel.services.sign_in import Passwords, SignIn
from bo_panel.services.transfer import Exporter
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
    messenger: HueyMessenger

    @classmethod
    def start(cls, settings: Settings, *, clock: Clock | None = None, hasher: PasswordHasher | None = None) -> Self:
        """Return the panel of these settings; raises PluginError or DatabaseError with what is wrong."""
        host, database = host_with_database(settings)
        hashing = hasher or Argon2(settings.sign_in.concurrent_hashes)
        name, redis, folder = settings.deployment.name, settings.redis.url, settings.data_folder
        messenger = HueyMessenger(lambda: queue_of(name, redis, folder, secret_key(settings)))
        return cls(settings, host, database, clock or SystemClock(), hashing, Zxcvbn(), messenger)

    @property
    def registry(self) -> Registry:
        """What the plugins declared."""
        return self.host.registry

    @property
    def engine(self) -> Engine:
        """The change engine of this deployment."""
        users = self.settings.users
        rules = AccountRules(users.email_required, users.phone_region, tuple(users.home_kinds), users.founder_protected)
        return Engine(self.host, self.clock, rules, self.settings.engine.chunk)

    @property
    def jobs(self) -> Jobs:
        """The jobs of this deployment."""
        settings, exports = self.settings.jobs, Exports(self.engine, self.exporter)
        return Jobs(self.engine, self.messenger, settings.lease, settings.pause, settings.attempts, exports)

    @property
    def exporter(self) -> Exporter:
        """What writes the tables of this deployment."""
        return Exporter(self.database, self.host, self.clock, self.settings)

    @property
    def outbox(self) -> Outbox:
        """What the plugins of this deployment are to be told."""
        settings = self.settings.outbox
        return Outbox(self.engine, settings.lease, settings.pause, settings.attempts, self.host.listeners)

    def worker(self) -> Worker:
        """Return what does the jobs and the chores, and tells the plugins, in this process."""
        look_every = self.settings.jobs.look_every_seconds
        beside = tuple(Worker(outbox, self.session, slept, look_every) for outbox in self.outbox.apart())
        schedule = Schedule((*duties_of(self.settings), find_anew(self.engine)))
        return Worker(self.jobs, self.session, self.messenger.heard, look_every, schedule, beside)

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
        return secret_key(self.settings)
