"""Exporting everybody: bo_panel and a hand-written program in turn, each run in a process of its own.

`python -m tests.benchmarks.exporting --users 100000` fills both databases, measures, and prints a table.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from time import perf_counter
from typing import Any

from sqlalchemy import make_url

from bo_panel.bootstrap import Panel
from bo_panel.domain.actors import ROOT, console
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.tabular import COLUMNS, Sheet
from bo_panel.queries.users import Wanted
from bo_panel.queries.visible import Scope
from bo_panel.services.changes import ExportUsers
from bo_panel.services.transfer import Export
from bo_panel.settings import load
from tests.benchmarks.raw_export import KINDS, lines
from tests.benchmarks.stage import HOME, NAME, counts, staged

GOAL, FIRST_GOAL, GROWTH_GOAL = 1.3, 0.5, 50.0
RAW, OURS = "raw", "bo_panel"
SHOWN = ("name", "user_name", "first_name", "last_name", "email", "phone", "home", "status", "role")
HEAD = ("work", "users", "raw s", "bo_panel s", "ratio", "goal", "first byte s", "first user s", "growth MB", "raw growth MB", "MB")


@dataclass(frozen=True, slots=True)
class Run:
    """One export: seconds to its end, to the first byte and to the first user, and by how much the process grew."""

    seconds: float
    first_byte: float
    first_user: float
    growth: float
    users: int
    size: float


@dataclass(frozen=True, slots=True)
class Exported:
    """One piece of work on both sides: the medians of its runs; no raw side where nobody would write it by hand."""

    work: str
    raw: Run | None
    panel: Run

    @property
    def ratio(self) -> float | None:
        """How many times as long bo_panel takes."""
        return self.panel.seconds / self.raw.seconds if self.raw else None


def export_works(panel: Panel, rounds: int = 5) -> Iterator[Exported]:
    """Yield what was measured of exporting everybody; the raw program is the fastest of those that were tried."""
    url = panel.database.url.render_as_string(hide_password=False)
    kinds = KINDS[panel.database.dialect.name]
    kind = min(kinds, key=lambda each: _run(url, RAW, each).seconds)
    found: tuple[list[Run], list[Run]] = ([], [])
    for turn in range(rounds):
        for side in ((0, 1), (1, 0))[turn % 2]:
            found[side].append(_run(url, *((RAW, kind), (OURS, "csv"))[side]))
    yield Exported(f"CSV (raw: {kind})", _median(found[0]), _median(found[1]))
    for other in ("jsonl", "xlsx"):
        yield Exported(other, None, _run(url, OURS, other))


def table(found: Sequence[Exported]) -> str:
    """Return the figures as a Markdown table."""
    rows = [HEAD, tuple("---" for _column in HEAD), *map(_line, found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join("| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |" for row in rows)


def _line(each: Exported) -> tuple[str, ...]:
    reached = (each.ratio is None or each.ratio <= GOAL) and each.panel.growth <= GROWTH_GOAL
    reached = reached and (each.panel.first_byte < FIRST_GOAL or each.raw is None)
    raw = (f"{each.raw.seconds:.2f}", f"{each.panel.seconds:.2f}", f"{each.ratio:.2f}") if each.raw else ("", f"{each.panel.seconds:.2f}", "")
    grown = (f"{each.panel.growth:.1f}", f"{each.raw.growth:.1f}" if each.raw else "")
    firsts = (f"{each.panel.first_byte:.3f}", f"{each.panel.first_user:.3f}")
    return (each.work, f"{each.panel.users:,}", *raw, "met" if reached else "NOT REACHED", *firsts, *grown, f"{each.panel.size:.1f}")


def _median(runs: Sequence[Run]) -> Run:
    numbers = {name: median(getattr(run, name) for run in runs) for name in Run.__slots__}
    return Run(**{**numbers, "users": runs[0].users})


def _run(url: str, side: str, kind: str) -> Run:
    command = [sys.executable, "-m", "tests.benchmarks.exporting", "--one", side, "--kind", kind, "--url", url]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    return Run(**json.loads(done.stdout))


def _panel(url: str) -> Panel:
    return Panel.start(load("service_provider", {"DATABASE_URL": url, "BO_DEPLOYMENT__NAME": NAME, "SECRET_KEY": "measured" * 5}))


def _one(side: str, kind: str, url: str) -> Run:
    """Export everybody into a file, once, as a process does that has been up for a while."""
    panel = _panel(url)
    words = panel.settings.words
    roles = {key: role.label for key, role in panel.registry.roles.items()}
    statuses = {status.value: words[f"status_{status.value}"] for status in Status if status is not Status.DELETED}
    with panel.session() as session:
        session.connection()
    before = most = _own()
    start = perf_counter()
    pieces = lines(make_url(url), kind, roles, statuses) if side == RAW else _ours(panel, kind)
    first_byte = first_user = 0.0
    users = size = 0
    with TemporaryFile(dir=HOME) as file:
        for data, rows in pieces:
            now = perf_counter() - start
            first_byte = first_byte or (now if data else 0.0)
            first_user = first_user or (now if rows else 0.0)
            file.write(data)
            users, size, most = users + rows, size + len(data), max(most, _own() if rows != 1 or not users % 1000 else 0.0)
    return Run(perf_counter() - start, first_byte, first_user, most - before, users, size / 1e6)


def _ours(panel: Panel, kind: str) -> Iterator[tuple[bytes, int]]:
    """Yield what `bo users export` and a job write: counted, put on the trail, read."""
    export = Export(Sheet.of(kind, SHOWN, {column: column for column in COLUMNS}), Wanted(), Scope((ROOT,)))
    with panel.exporter.reading(export) as reading, panel.session() as session:
        users = reading.count()
        panel.engine.run_single(session, console(panel.registry.catalogue), ExportUsers(export=export, users=users))
        yield from reading.pieces(users)


def _own() -> float:
    """Return how many megabytes of its own this process holds: without the pages of files, which the system takes back when it likes."""
    own = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssAnon"))
    return int(own.split()[1]) * 1024 / 1e6


def main() -> None:
    """Measure what the command line asks for."""
    asked = _arguments()
    if asked.one:
        print(json.dumps({name: getattr(run, name) for run in [_one(asked.one, asked.kind, asked.url)] for name in Run.__slots__}))
        return
    for name in ("sqlite", "postgresql") if asked.database == "both" else (asked.database,):
        with staged(_url(name, asked.users), asked.users, asked.keep) as panel:
            print(f"\n## {name}: {counts(panel)}\n", flush=True)
            print(table(list(export_works(panel, asked.rounds))), flush=True)


def _url(name: str, users: int) -> str:
    if name == "sqlite":
        return f"sqlite:///{HOME / f'export_{users}.db'}"
    from tests.benchmarks.__main__ import SERVER

    return make_url(SERVER).set(database=f"bo_export_{users}").render_as_string(hide_password=False)


def _arguments() -> Any:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.exporting", description=__doc__)
    parser.add_argument("--users", type=int, default=100_000, help="how many users there are")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=5, help="how often each side exports everybody")
    parser.add_argument("--keep", action="store_true", help="keep the filled databases for the next time")
    parser.add_argument("--one", choices=(RAW, OURS), help=argparse.SUPPRESS)
    parser.add_argument("--kind", help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
