"""The whole configuration of one deployment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, PrivateAttr

from bo_panel.settings.section import Key, Section
from bo_panel.settings.sections import (
    Database,
    Demo,
    Deployment,
    Engine,
    Export,
    Housekeeping,
    Jobs,
    Outbox,
    Passwords,
    Redis,
    Secrets,
    Server,
    SignIn,
    Users,
)
from bo_panel.settings.words import Words


class Settings(Section):
    """Every setting of a deployment, checked and frozen."""

    deployment: Deployment = Deployment()
    database: Database = Database()
    redis: Redis = Redis()
    server: Server = Server()
    secrets: Secrets = Secrets()
    sign_in: SignIn = SignIn()
    passwords: Passwords = Passwords()
    users: Users = Users()
    engine: Engine = Engine()
    jobs: Jobs = Jobs()
    outbox: Outbox = Outbox()
    export: Export = Export()
    housekeeping: Housekeeping = Housekeeping()
    words: Words = Words()
    demo: Demo = Demo()
    routes: Mapping[str, str] = Field(default_factory=dict)
    plugins: Mapping[Key, Mapping[str, Any]] = Field(default_factory=dict, repr=False)

    _root: Path = PrivateAttr(default=Path())
    _sources: Mapping[str, str] = PrivateAttr(default_factory=dict)

    @property
    def root(self) -> Path:
        """The folder that holds `config/` and `plugins/`."""
        return self._root

    @property
    def data_folder(self) -> Path:
        """The folder for what this deployment writes by itself; it need not exist yet."""
        return self._root / "var" / self.deployment.name

    @property
    def export_folder(self) -> Path:
        """Where a workbook is put together while it is exported."""
        return self.data_folder / "exports"

    def source_of(self, key: str) -> str:
        """Return the file or environment variable that gave a dotted key (or a table) its value last; else the default file."""
        while key:
            if key in self._sources:
                return self._sources[key]
            key = key.rpartition(".")[0]
        return "config/default.toml"
