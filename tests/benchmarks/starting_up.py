"""How long a process takes from nothing to its first list, and how much memory it then holds, beside stock Flask-Admin."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from bo_panel.settings.loading import ROOT
from tests.benchmarks.figures import Figure

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Side:
    """What is started: a program of this file, in an environment, on a deployment in a folder."""

    program: str
    environ: Mapping[str, str]
    root: Path = ROOT
    deployment: str = "service_provider"


def main() -> None:
    """Show one list in this process: `python -m tests.benchmarks.starting_up bo_panel TOKEN FOLDER DEPLOYMENT`; print what memory is held then."""
    first = {"bo_panel": _bo_panel, "flask_admin": _flask_admin}[sys.argv[1]]
    if b"<td" not in first(*sys.argv[2:]):
        raise SystemExit("the first page has no table")
    resident = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="utf-8")) if Path("/proc/self/status").exists() else None
    print(resident[1] if resident else 0)


def started_up(environ: Mapping[str, str], token: str) -> Iterator[Figure]:
    """Yield both figures; the memory only where the system tells it."""
    times, memory = _started([Side("flask_admin", environ), Side("bo_panel", environ)], token)
    yield Figure("cold start, to the end of the first list", "stock Flask-Admin", *times, "s", 1.2)
    if all(memory):
        yield Figure("resident memory after the first list", "stock Flask-Admin", *memory, "MB", 1.2)


def started_with_plugins(environ: Mapping[str, str], token: str) -> Iterator[Figure]:
    """Yield how long a start with every plugin of the repository takes beside one with none, over the same database."""
    with TemporaryDirectory() as folder:
        root, names = Path(folder), sorted(path.parent.name for path in (ROOT / "plugins").glob("*/plugin.py"))
        for part in ("plugins", "templates"):
            copytree(ROOT / part, root / part)
        (root / "config" / "deployments").mkdir(parents=True)
        feed = f'[plugins.change_feed]\nfile = "{root / "feed.jsonl"}"\n'
        for deployment, listed, more in (("none", [], ""), ("all", names, feed)):
            text = f"[deployment]\nplugins = {json.dumps(listed)}\n\n{more}"
            (root / "config" / "deployments" / f"{deployment}.toml").write_text(text, encoding="utf-8")
        times, _memory = _started([Side("bo_panel", environ, root, deployment) for deployment in ("none", "all")], token)
    yield Figure(f"cold start with {len(names)} plugins, to the end of the first list", "one with none", *times, "s", 1.5)


def _started(sides: Sequence[Side], token: str) -> tuple[list[float], list[float]]:
    """Return the median seconds and megabytes of processes of each side, started in turn."""
    times, memory = ([list[float]() for _side in sides] for _what in range(2))
    for turn in range(ROUNDS):
        for place in sorted(range(len(sides)), reverse=bool(turn % 2)):
            side = sides[place]
            start = perf_counter()
            command = [sys.executable, "-m", __name__, side.program, token, str(side.root), side.deployment]
            done = subprocess.run(command, env={**os.environ, **side.environ}, capture_output=True, text=True, check=True)
            times[place].append(perf_counter() - start)
            memory[place].append(int(done.stdout.split()[-1]) / 1024)
    return [median(taken) for taken in times], [median(held) for held in memory]


def _bo_panel(token: str, root: str, deployment: str) -> bytes:
    from bo_panel.app.factory import create_app
    from bo_panel.bootstrap import Panel
    from bo_panel.settings import load
    from tests.benchmarks.measuring import Pages

    app = create_app(Panel.start(load(deployment, os.environ, root=Path(root))))
    return Pages(app, f"bo_session={token}").get("/users/")


def _flask_admin(_token: str, _root: str, _deployment: str) -> bytes:
    from sqlalchemy import make_url

    from tests.benchmarks.measuring import Pages
    from tests.benchmarks.peers.flask_admin import application

    return Pages(application(make_url(os.environ["DATABASE_URL"])), "").get("/admin/user/")


if __name__ == "__main__":
    main()
