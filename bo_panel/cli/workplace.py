"""What the commands share: which deployment it is about, and what is made of it when it is first asked for."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import click

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.faults import keep_faults
from bo_panel.bootstrap.migrations import pending
from bo_panel.bootstrap.plugins import host_of
from bo_panel.domain.actors import Actor, console
from bo_panel.hooks.host import Host
from bo_panel.hooks.registry import Registry
from bo_panel.settings import Settings, load
from bo_panel.settings.loading import deployments

Web: TypeAlias = Callable[[Panel], Any]
"""Makes the web application of a panel."""
ID = click.IntRange(1, 2**63 - 1)
"""The number of a row, no larger than a database can hold."""


class SetUpProblem(click.ClickException):
    """Something has to be set up differently before this can be done."""

    exit_code = 2


class Workplace:
    """One deployment, as the commands use it; nothing is read or opened before it is needed."""

    def __init__(self, web: Web, root: Path | None = None) -> None:
        """Take the maker of the web application, and the folder that holds `config/`; the deployment comes from the command line."""
        self.root = root
        self.deployment: str | None = None
        self.web = web

    def settings(self) -> Settings:
        """Return the settings of the deployment."""
        return self._settings

    def registry(self) -> Registry:
        """Return what the plugins declare, with or without a database."""
        return self._panel.registry if "_panel" in self.__dict__ else self._host.registry

    def panel(self) -> Panel:
        """Return the panel."""
        return self._panel

    def ready_panel(self) -> Panel:
        """Return the panel of a database that is up to date; raise SetUpProblem for any other."""
        missing = pending(self._panel)
        if missing:
            steps = sum(len(revisions) for revisions in missing.values())
            raise SetUpProblem(f"The database is not up to date: {steps} migrations are pending. Run: bo -d {self._name} db upgrade")
        return self._panel

    def actor(self) -> Actor:
        """Return the actor behind the command line."""
        return console(self._panel.registry.catalogue)

    def close(self) -> None:
        """Write down which plugins failed, and close the connections to the database, if any were opened."""
        if "_panel" in self.__dict__:
            keep_faults(self._panel)
            self._panel.database.dispose()

    @property
    def _name(self) -> str:
        return self._settings.deployment.name

    @cached_property
    def _settings(self) -> Settings:
        return load(self.deployment or _only_one(self.root), root=self.root)

    @cached_property
    def _host(self) -> Host:
        return host_of(self._settings)

    @cached_property
    def _panel(self) -> Panel:
        return Panel.start(self._settings)


def _only_one(root: Path | None) -> str:
    known = deployments(root)
    if len(known) == 1:
        return known[0]
    there = f"There are {', '.join(known)}." if known else "There are none yet in config/deployments."
    raise SetUpProblem(f"Say which deployment: bo --deployment NAME …, or set BO_DEPLOYMENT. {there}")
