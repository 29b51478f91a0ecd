"""How long a process takes from nothing to its first list, and how much memory it then holds, beside stock Flask-Admin."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.benchmarks.figures import Figure

ROUNDS = 5


def main() -> None:
    """Show one list in this process: `python -m tests.benchmarks.starting_up bo_panel TOKEN`; print what memory is held then."""
    first = {"bo_panel": _bo_panel, "flask_admin": _flask_admin}[sys.argv[1]]
    if b"<td" not in first(sys.argv[2]):
        raise SystemExit("the first page has no table")
    resident = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="utf-8")) if Path("/proc/self/status").exists() else None
    print(resident[1] if resident else 0)


def started_up(environ: dict[str, str], token: str) -> Iterator[Figure]:
    """Yield both figures; the memory only where the system tells it."""
    times: dict[str, list[float]] = {"flask_admin": [], "bo_panel": []}
    memory: dict[str, list[float]] = {"flask_admin": [], "bo_panel": []}
    for turn in range(ROUNDS):
        for name in sorted(times, reverse=bool(turn % 2)):
            start = perf_counter()
            command = [sys.executable, "-m", __name__, name, token]
            done = subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, check=True)
            times[name].append(perf_counter() - start)
            memory[name].append(int(done.stdout.split()[-1]) / 1024)
    yield Figure("cold start, to the end of the first list", "stock Flask-Admin", *map(median, times.values()), "s", 1.2)
    if all(map(median, memory.values())):
        yield Figure("resident memory after the first list", "stock Flask-Admin", *map(median, memory.values()), "MB", 1.2)


def _bo_panel(token: str) -> bytes:
    from bo_panel.app.factory import create_app
    from bo_panel.bootstrap import Panel
    from bo_panel.settings import load
    from tests.benchmarks.measuring import Pages

    app = create_app(Panel.start(load("service_provider", os.environ)))
    return Pages(app, f"bo_session={token}").get("/users/")


def _flask_admin(_token: str) -> bytes:
    from sqlalchemy import make_url

    from tests.benchmarks.measuring import Pages
    from tests.benchmarks.peers.flask_admin import application

    return Pages(application(make_url(os.environ["DATABASE_URL"])), "").get("/admin/user/")


if __name__ == "__main__":
    main()
