"""Writes down whom it was told of and by which process, and then takes its time, so that a kill finds what was heard and not yet noted."""

import os
import time
from pathlib import Path

from bo_panel.sdk import ChangeEvent, Plugin, PluginConfig, PluginMeta, hookimpl

PAUSE = 0.05


class ListenerConfig(PluginConfig):
    """Where it writes."""

    file: Path = Path("heard")


class Listener(Plugin):
    """Hears of everything."""

    meta = PluginMeta(name="listener", version="1.0.0", api=">=1.0,<2")
    Config = ListenerConfig
    config: ListenerConfig

    @hookimpl
    def bo_changed(self, event: ChangeEvent) -> None:
        """Append a line per entry: process, number in the audit log, user."""
        with self.config.file.open("a") as file:
            file.write("".join(f"{os.getpid()} {entry.id} {entry.user_id}\n" for entry in event.entries))
        time.sleep(PAUSE)
