"""`python -m tests.benchmarks`: measure the grid, and print the tables. The exit code is 0 whatever comes out."""

import argparse
import os
import platform
import sys
from datetime import UTC, datetime

from sqlalchemy import text

from bo_panel.bootstrap import Panel
from tests.benchmarks.comparing import Comparison
from tests.benchmarks.report import summary, table
from tests.benchmarks.stage import HOME, counts, staged

SERVER = os.environ.get("BO_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


def main() -> None:
    """Measure what the command line asks for."""
    asked = _arguments()
    names = ("sqlite", "postgresql") if asked.database == "both" else (asked.database,)
    where = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{datetime.now(UTC):%Y-%m-%d}, {where}, {asked.rounds} rounds a page, raw and bo_panel in turn")
    for name in names:
        with staged(_url(name, asked.users), asked.users, asked.keep) as panel:
            _measure(panel, asked.rounds, asked.only)


def _measure(panel: Panel, rounds: int, only: str) -> None:
    print(f"\n## {_version(panel)}: {counts(panel)}\n", flush=True)
    found = []
    for page in Comparison.of(panel).run(rounds, only):
        found.append(page)
        print(f"  {page.work}, {page.actor}: {page.ratio:.2f}", file=sys.stderr)
    print(table(found), "", *summary(found), sep="\n", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--users", type=int, default=100_000, help="how many users there are")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=60, help="how often each page is asked for")
    parser.add_argument("--only", default="", help="measure only pages whose title, or whoever looks, contains this text")
    parser.add_argument("--keep", action="store_true", help="keep the filled databases for the next time")
    return parser.parse_args()


def _url(name: str, users: int) -> str:
    if name == "sqlite":
        return f"sqlite:///{HOME / f'users_{users}.db'}"
    return SERVER.rpartition("/")[0] + f"/bo_bench_{users}"


def _version(panel: Panel) -> str:
    lite = panel.database.dialect.name == "sqlite"
    with panel.database.connect() as connection:
        version = connection.scalar(text("SELECT sqlite_version()" if lite else "SHOW server_version"))
    return f"SQLite {version}" if lite else f"PostgreSQL {version}"


if __name__ == "__main__":
    main()
