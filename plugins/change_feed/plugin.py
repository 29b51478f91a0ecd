"""Hands on what is done in the panel: a line of JSON for each event, in a file that a log shipper follows."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from bo_panel.sdk import ChangeEvent, Finding, Level, Plugin, PluginConfig, PluginMeta, hookimpl

PRIVATE = 0o600
"""Nobody else reads a file that is made here."""


class ChangeFeedConfig(PluginConfig):
    """What a deployment may say about this plugin."""

    file: Path = Path("changes.jsonl")
    """Where the lines go; the folder must be there."""


class ChangeFeed(Plugin):
    """Every change as a line of JSON, for what collects logs."""

    meta = PluginMeta(name="change_feed", version="1.0.0", api=">=1.0,<2", per_unit=True)
    Config = ChangeFeedConfig
    config: ChangeFeedConfig

    @hookimpl
    def bo_changed(self, event: ChangeEvent) -> None:
        """Append the lines in one go, and see that they are on the disk before they count as told."""
        lines = "".join(f"{json.dumps(line, ensure_ascii=False, default=str)}\n" for line in lines_of(event))
        with os.fdopen(os.open(self.config.file, os.O_RDWR | os.O_APPEND | os.O_CREAT, PRIVATE), "r+b") as file:
            file.write((b"\n" if was_cut_off(file) else b"") + lines.encode())
            file.flush()
            os.fsync(file.fileno())

    @hookimpl
    def bo_doctor(self) -> Iterator[Finding]:
        """Tell whether the lines can be written: a file that is there, or the folder that it will be made in."""
        file = self.config.file
        if file.exists() and os.access(file, os.R_OK | os.W_OK):
            yield Finding(Level.OK, f"{file} can be written.")
        elif file.exists() or not os.access(file.parent, os.W_OK | os.X_OK):
            yield Finding(Level.ERROR, f"{file} cannot be written. Give whoever runs the worker the right to, or set [plugins.change_feed] file.")
        else:
            yield Finding(Level.OK, f"{file} will be made with the first change.")


def was_cut_off(file: BinaryIO) -> bool:
    """Return whether the last line has no end, as after a full disk; what was in it comes again."""
    if not file.seek(0, os.SEEK_END):
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


def lines_of(event: ChangeEvent) -> Iterator[dict[str, Any]]:
    """Yield what is written of an event; `id` is the same where a line comes twice."""
    shared = {"event": event.key, "at": event.at.isoformat(), "actor_id": event.actor_id, "actor": event.actor_name}
    run = {"change_set": event.change_set_id, "reason": event.reason}
    for entry in event.entries:
        about = {"user_id": entry.user_id, "user_name": entry.user_name, "unit_id": entry.unit_id}
        yield {"id": entry.id, **shared, **run, **about, "before": dict(entry.before), "after": dict(entry.after)}
