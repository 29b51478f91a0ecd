"""A town that plugins listen to: they remember what they were told, and fail as often as they are asked to."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bo_panel.hooks.contributions import ChangeEvent
from bo_panel.hooks.hookspecs import CHANGED
from bo_panel.jobs import Outbox
from bo_panel.models import AuditEvent, Outgoing
from bo_panel.services.engine import writing
from bo_panel.testing import World
from tests.services.conftest import Town


@dataclass
class Listener:
    """A plugin that remembers what it was told, and fails as often, or hangs as long, as it is asked to."""

    failures: int = 0
    hangs: Callable[[], object] = lambda: None
    heard: list[ChangeEvent] = field(default_factory=list)

    def __call__(self, event: ChangeEvent) -> list[Any]:
        self.hangs()
        if self.failures:
            self.failures -= 1
            raise ConnectionError("hunter2")
        self.heard.append(event)
        return []

    @property
    def lines(self) -> list[int]:
        return [entry.id for event in self.heard for entry in event.entries]


@dataclass
class Office:
    """A panel with listeners, and what tells them."""

    world: World
    listeners: dict[str, Listener]
    outbox: Outbox

    def told(self) -> bool:
        return self.outbox.work(self.world.session)

    def waiting(self) -> list[Outgoing]:
        self.world.session.rollback()
        return list(self.world.session.scalars(select(Outgoing).order_by(Outgoing.id).execution_options(populate_existing=True)))

    def hurry(self) -> None:
        """Let all pauses and leases be over."""
        with writing(self.world.session):
            self.world.session.execute(update(Outgoing).values(not_before=None))

    def trail(self) -> list[int]:
        self.world.session.rollback()
        return list(self.world.session.scalars(select(AuditEvent.id).order_by(AuditEvent.id)))


Offices = Callable[..., Office]


@pytest.fixture
def office(town: Town) -> Offices:
    """Listen to the town."""

    def opened(*names: str, attempts: int = 3) -> Office:
        listeners = {name: Listener() for name in names}
        engine = town.world.panel.engine
        engine = replace(engine, host=replace(engine.host, callers={**engine.host.callers, CHANGED: tuple(listeners.items())}))
        object.__setattr__(town.world, "panel", replace(town.world.panel, host=engine.host))
        return Office(town.world, listeners, Outbox(engine, timedelta(seconds=60), timedelta(seconds=10), attempts, names))

    return opened
