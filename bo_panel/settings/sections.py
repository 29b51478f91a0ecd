"""The tables of the configuration, in the order of `config/default.toml`; that file says what each setting means."""

import re
from datetime import timedelta
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, SecretStr, ValidatorFunctionWrapHandler, WrapValidator, field_validator

from bo_panel.settings.section import Count, Distinct, Key, Section

Action: TypeAlias = Literal["edit", "disable", "enable", "disable_enable", "archive", "restore", "delete"]
OwnColumn: TypeAlias = Literal["user_name", "first_name", "last_name", "email", "phone", "home", "role", "status", "last_sign_in", "id", "edit"]


def _declared(value: object, own: ValidatorFunctionWrapHandler) -> object:
    """Let the columns of plugins, and of the profile, through; whether there are such, the plugins say."""
    return value if isinstance(value, str) and DECLARED.match(value) else own(value)


DECLARED = re.compile(r"^(profile:)?[a-z][a-z0-9_]*\.[a-z][a-z0-9_.]*$")
"""The key of a column of a plugin, or `profile:` with that of a profile field."""
Column: TypeAlias = Annotated[OwnColumn, WrapValidator(_declared)]
Access: TypeAlias = Literal["role", "roles"]
SignInName: TypeAlias = Literal["email", "username"]

SECRET_KEY_LENGTH = 32


class Deployment(Section):
    """Which deployment this is, and what it is made of."""

    name: str = Field(default="", pattern=r"^[a-z0-9_-]*$", max_length=60)
    plugins: Annotated[tuple[Key, ...], Distinct] = ()


class Database(Section):
    """Where the data is kept."""

    url: str = Field(default="", repr=False)
    echo: bool = False
    pool_size: Count = 5


class Redis(Section):
    """The shared store of a deployment with several processes."""

    url: str = Field(default="", repr=False)


class Server(Section):
    """How the web process is reached."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = Field(default="", pattern=r"^(https?://[^\s/]+(/\S*)?)?$")
    trusted_hosts: Annotated[tuple[str, ...], Distinct] = ()
    proxies: int = Field(default=0, ge=0, le=10)
    https: bool = False


class Secrets(Section):
    """What nobody may see."""

    secret_key: SecretStr = SecretStr("")

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, key: SecretStr) -> SecretStr:
        if key.get_secret_value() and len(key.get_secret_value()) < SECRET_KEY_LENGTH:
            raise ValueError(f"must be empty or have at least {SECRET_KEY_LENGTH} characters")
        return key


class SignIn(Section):
    """Who may sign in with what, how often and for how long."""

    by: Annotated[tuple[SignInName, ...], Distinct, Field(min_length=1)] = ("email", "username")
    session_idle_minutes: Count = 60
    session_absolute_hours: Count = 12
    attempts_per_account: Count = 10
    attempts_per_address: Count = 100
    attempt_window_minutes: Count = 15
    block_minutes: Count = 15
    concurrent_hashes: Count = 2


class Passwords(Section):
    """What a password must be like, and who may choose it."""

    shortest: int = Field(default=15, ge=8, le=256)
    generated_length: int = Field(default=20, ge=12, le=256)
    typed_by_admin: bool = False
    change_at_first_sign_in: bool = True


class Users(Section):
    """The list and the form of the users."""

    email_required: bool = False
    confirm_access: bool = False
    phone_region: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    home_kinds: Annotated[tuple[str, ...], Distinct] = ()
    founder_protected: bool = False
    columns: Annotated[tuple[Column, ...], Distinct, Field(min_length=1)] = (
        "user_name",
        "first_name",
        "last_name",
        "email",
        "home",
        "role",
        "status",
    )
    toolbar_actions: Annotated[tuple[Action, ...], Distinct] = ("edit", "disable", "enable", "delete")
    row_actions: Annotated[tuple[Action, ...], Distinct] = ("edit", "disable", "enable", "delete")
    access: Access = "role"
    row_click: Literal["open", "select"] = "open"
    search_pane: bool = False
    page_size: Count = 50
    page_sizes: Annotated[tuple[Count, ...], Distinct, Field(min_length=1)] = (25, 50, 100)


class Engine(Section):
    """How a change works through a selection."""

    chunk: Count = 5000
    selection_limit: Count = 1000


class Jobs(Section):
    """What goes on in the background."""

    above: Count = 1000
    lease_seconds: Count = 60
    retry_seconds: float = Field(default=10.0, gt=0)
    attempts: Count = 10
    look_every_seconds: float = Field(default=5.0, gt=0)
    in_process: bool = True

    @property
    def lease(self) -> timedelta:
        """How long a worker that fell silent keeps its job."""
        return timedelta(seconds=self.lease_seconds)

    @property
    def pause(self) -> timedelta:
        """How long a job waits that something got in the way of."""
        return timedelta(seconds=self.retry_seconds)


class Outbox(Section):
    """How plugins are told what was done."""

    lease_seconds: Count = 60
    retry_seconds: float = Field(default=10.0, gt=0)
    attempts: Count = 30

    @property
    def lease(self) -> timedelta:
        """How long a plugin may take before its worker counts as dead."""
        return timedelta(seconds=self.lease_seconds)

    @property
    def pause(self) -> timedelta:
        """How long a plugin that failed is left alone, the first time."""
        return timedelta(seconds=self.retry_seconds)


class Export(Section):
    """The list as a file to download."""

    above: Count = 10_000
    keep_days: Count = 7


class Housekeeping(Section):
    """What is done now and then, and how long things are kept."""

    sign_ins_minutes: Count = 60
    jobs_hours: Count = 24
    jobs_days: Count = 90
    exports_minutes: Count = 60
    database_minutes: Count = 60
    backup_days: int = Field(default=7, ge=0)


class TreeLevel(Section):
    """One level of the units of a demonstration."""

    kind: str = Field(min_length=1)
    count: Count
    fixed: bool = False


class Demo(Section):
    """What a demonstration is filled with."""

    users: Count = 5000
    seed: int = Field(default=2026, ge=0)
    tree: tuple[TreeLevel, ...] = ()
    owner_user_name: str = Field(default="owner", min_length=1)
    owner_first_name: str = Field(default="Olivia", min_length=1)
    owner_last_name: str = Field(default="Owner", min_length=1)
    email_domain: str = Field(default="example.com", pattern=r"^[a-z0-9.-]+$")
