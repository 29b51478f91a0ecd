"""What reads and writes an export."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import Engine, Select
from sqlalchemy.orm import Session

from bo_panel.domain.lifecycle import Status
from bo_panel.domain.ports import Clock
from bo_panel.domain.tabular import Format, Sheet
from bo_panel.hooks.host import Host
from bo_panel.queries.exported import Wording, as_texts, how_many, is_most, work_out
from bo_panel.queries.streaming import blocks, copied, copies, snapshot
from bo_panel.services.failing_columns import naming_columns
from bo_panel.services.transfer import writing
from bo_panel.services.transfer.asked import Export
from bo_panel.services.transfer.workbook import workbook
from bo_panel.services.transfer.writing import Piece
from bo_panel.settings import Settings

BETWEEN = "\x1f"
"""Stands between two roles where they are taken apart again."""

FIRST = 1_000
"""So many users of a long export are read before the roles of all others are collected."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An export while it is read: everything as it was in one moment."""

    session: Session
    export: Export
    now: datetime
    wording: Wording
    settings: Settings
    naming: Callable[[], AbstractContextManager[None]]
    """Refuses by its name a column of a plugin that fails in the database meanwhile."""

    def count(self, limit: int | None = None) -> int:
        """Return how many users are on the table, up to one more than the limit where there is one; raise ColumnFailed where that cannot be told."""
        with self.naming():
            return how_many(self.session, self.export.scope, self.export.wanted, self.now, limit)

    def check(self) -> None:
        """Raise ColumnFailed unless what plugins add can be worked out for everybody: the file would break off where it cannot."""
        with self.naming():
            work_out(self.session, self.export.scope, self.export.wanted, self.now, self.wording)

    def pieces(self, users: int = 0) -> Iterator[Piece]:
        """Yield the file; CSV begins before the first user is read. How many `users` there are says how they are best read."""
        sheet, selects = self.export.sheet, self._selects(users)
        if sheet.format is Format.CSV and copies(self.session):
            return writing.csv_of_lines(sheet, chain.from_iterable(copied(self.session, select) for select in selects))
        rows = chain.from_iterable(blocks(self.session, select) for select in selects)
        if sheet.format is Format.XLSX:
            return workbook(sheet, rows, self.settings.export_folder)
        return writing.json_lines(sheet, rows, BETWEEN) if sheet.format is Format.JSONL else writing.csv_of_rows(sheet, rows)

    def _selects(self, users: int) -> Sequence[Select[Any]]:
        """Return what gives everybody, one after the other: the first are there at once, whatever is collected for the others."""
        if not is_most(self.session, users):
            return (self._select(collected=False),)
        return self._select(collected=False).limit(FIRST), self._select(collected=True).offset(FIRST)

    def _select(self, *, collected: bool) -> Select[Any]:
        wording = replace(self.wording, collected=collected)
        return as_texts(self.session, self.export.scope, self.export.wanted, self.now, wording)


@dataclass(frozen=True, slots=True)
class Exporter:
    """What writes the tables of a deployment."""

    database: Engine
    host: Host
    clock: Clock
    settings: Settings

    @contextmanager
    def reading(self, export: Export) -> Iterator[Reading]:
        """Yield an export, read on a connection of its own."""
        now, wording = self.clock.now(), replace(self._wording(export.sheet), where=export.where)
        with snapshot(self.database) as session:
            yield Reading(session, export, now, wording, self.settings, lambda: self._naming(export, now))

    @contextmanager
    def _naming(self, export: Export, now: datetime) -> Iterator[None]:
        """Look for columns that fail on a connection of its own: the one that reads sees one moment only."""
        with Session(self.database) as session, naming_columns(session, self.host, export.worked_out, now):
            yield

    def _wording(self, sheet: Sheet) -> Wording:
        roles = {key: role.label for key, role in self.host.registry.roles.items()}
        if not sheet.format.for_people:
            return Wording(sheet.columns, {}, roles, BETWEEN, disarmed=False)
        words = self.settings.words
        statuses = {status.value: words[f"status_{status.value}"] for status in Status if status is not Status.DELETED}
        return Wording(sheet.columns, statuses, roles)
