"""`python -m tests.benchmarks`: measure the grid, and print the tables. The exit code is 0 whatever comes out."""

import argparse
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from bo_panel.bootstrap import Panel
from tests.benchmarks.comparing import Comparison
from tests.benchmarks.figures import HEAD
from tests.benchmarks.growing import FEW
from tests.benchmarks.measuring import Measured
from tests.benchmarks.report import drawn, missed, summary, table
from tests.benchmarks.sections import Sections
from tests.benchmarks.stage import HOME, counts, staged

FIGURES = ("edit form", "growth", "start", "plugins", "preview", "disable")
SECTIONS = ("pages", "peers", *FIGURES)
T = TypeVar("T")

SERVER = os.environ.get("BO_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


def main() -> None:
    """Measure what the command line asks for."""
    asked = _arguments()
    names = ("sqlite", "postgresql") if asked.database == "both" else (asked.database,)
    where = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{datetime.now(UTC):%Y-%m-%d}, {where}, {asked.rounds} rounds a page, raw and bo_panel in turn")
    for name in filter(_answers, names):
        few, many = _url(name, FEW), _url(name, asked.users)
        with staged(few, FEW, False, asked.columns) as small, staged(many, asked.users, asked.keep, asked.columns) as panel:
            _measure(panel, Sections(Comparison.of(panel), small, many, asked.rounds), asked)


def _measure(panel: Panel, sections: Sections, asked: argparse.Namespace) -> None:
    print(f"\n## {_version(panel)}: {counts(panel)}\n", flush=True)
    found: list[Measured] = []
    if "pages" in asked.sections or "peers" in asked.sections:
        only = asked.only if "pages" in asked.sections else "owner of everything"
        found += _told(sections.comparison.run(asked.rounds, only))
        print(table(found), "", *summary(found), sep="\n", flush=True)
    if "peers" in asked.sections:
        print("", drawn(sections.peers(found)), sep="\n", flush=True)
    figures = [figure for name in FIGURES if name in asked.sections for figure in _told(sections.figures(name))]
    if figures:
        print("", drawn([HEAD, *(figure.line() for figure in figures)]), "", *missed(figures), sep="\n", flush=True)


def _told(measured: Iterable[T]) -> Iterator[T]:
    """Yield what is measured, and tell each as soon as it is there to whoever waits."""
    for one in measured:
        print(f"  {one.work}: {one.ratio:.2f}", file=sys.stderr, flush=True)  # type: ignore[attr-defined]
        yield one


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--users", type=int, default=100_000, help="how many users there are")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=20, help="how often each page is asked for")
    parser.add_argument("--only", default="", help="measure only pages whose title, or whoever looks, contains this text")
    parser.add_argument("--sections", nargs="+", choices=SECTIONS, default=SECTIONS, help="measure only these")
    parser.add_argument("--columns", nargs="+", default=(), help="show these columns of the list instead of those of the deployment")
    parser.add_argument("--keep", action="store_true", help="keep the filled databases for the next time")
    return parser.parse_args()


def _url(name: str, users: int) -> str:
    if name == "sqlite":
        return f"sqlite:///{HOME / f'users_{users}.db'}"
    return SERVER.rpartition("/")[0] + f"/bo_bench_{users}"


def _answers(name: str) -> bool:
    """Return whether a database is there; PostgreSQL is left out, in one line, where none answers."""
    if name == "sqlite":
        return True
    try:
        create_engine(SERVER, connect_args={"connect_timeout": 5}).connect().close()
    except OperationalError:
        print("PostgreSQL is left out: none answers at 127.0.0.1:5432. Start one, or name another in BO_TEST_POSTGRES.", flush=True)
        return False
    return True


def _version(panel: Panel) -> str:
    lite = panel.database.dialect.name == "sqlite"
    with panel.database.connect() as connection:
        version = connection.scalar(text("SELECT sqlite_version()" if lite else "SHOW server_version"))
    return f"SQLite {version}" if lite else f"PostgreSQL {version}"


if __name__ == "__main__":
    main()
