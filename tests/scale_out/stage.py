"""A panel that runs as processes of this machine, and what is in it."""

import os
import re
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bo_panel.bootstrap import Panel
from bo_panel.models import Grant, Job, User, UserSearch
from bo_panel.settings import load
from bo_panel.settings.loading import ROOT
from bo_panel.testing import World
from bo_panel.testing.world import user_row
from tests.browsing import PASSWORD
from tests.scale_out.processes import Running, wait_for
from tests.scale_out.remote import Remote
from tests.site import ADMINISTRATOR, PROVIDER

MANY = 2_000
"""People of each of three surnames."""
CHUNK = 100


@dataclass(frozen=True, slots=True)
class Site:
    """What runs, where it answers, and its database."""

    running: Running
    base: str
    panel: Panel
    environ: dict[str, str]

    def value(self, statement: Any) -> Any:
        """Return one value as it is in the database now."""
        with self.panel.session() as session:
            return session.scalar(statement)

    def job(self, job_id: int) -> Job:
        """Return a job as it stands now."""
        with self.panel.session() as session:
            return session.get_one(Job, job_id)


def environment(name: str, **more: str) -> dict[str, str]:
    """Return the environment of a deployment with a name of its own, and with small transactions, so that jobs last."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("BO_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY"))}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "BO_DEPLOYMENT": "service_provider",
        "BO_DEPLOYMENT__NAME": name,
        "SECRET_KEY": "a key for tests only, of some length",
        "BO_JOBS__LOOK_EVERY_SECONDS": "20",
        "BO_ENGINE__CHUNK": str(CHUNK),
        **more,
    }


@contextmanager
def served(line: str, environ: dict[str, str], log: Path, ready: Callable[[Running], bool]) -> Iterator[Site]:
    """Start a command line, fill its panel, and end it; what it printed is looked through."""
    port = free_port()
    environ = {**environ, "BO_SERVER__PORT": str(port)}
    running, panel = Running.started(line, environ, log), Panel.start(load("service_provider", environ))
    try:
        assert wait_for(lambda: answers(port) and ready(running), 90), log.read_text()
        fill(panel)
        yield Site(running, f"http://127.0.0.1:{port}", panel, environ)
        assert "Traceback" not in log.read_text(), log.read_text()
    finally:
        panel.database.dispose()
        running.end(signal.SIGKILL)
        shutil.rmtree(ROOT / "var" / environ["BO_DEPLOYMENT__NAME"], ignore_errors=True)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def fill(panel: Panel) -> None:
    """Plant a provider with two people who sign in and many who do not."""
    with panel.session() as session:
        world = World(panel, session)
        north = world.unit("Northwind Telecom", kind=PROVIDER)
        world.user("nora", (ADMINISTRATOR, north), home=north, password=PASSWORD)
        world.user("ada", home=north, password=PASSWORD)
        people = [(number, ("Alder", "Birch", "Cedar")[number % 3]) for number in range(3 * MANY)]
        rows = [user_row(100 + number, f"{tree}{number}".lower(), world.now, {"home_id": north, "last_name": tree}) for number, tree in people]
        grant = {"role_key": "member", "unit_id": north, "away": False, "source": "admin", "created_at": world.now}
        documents = [{"user_id": row["id"], "document": f"{row['last_name']} {row['user_name']}".casefold()} for row in rows]
        world.plant({User: rows, UserSearch: documents, Grant: [{"user_id": row["id"], **grant} for row in rows]})


def signed_in(site: Site, name: str = "nora") -> Remote:
    """Return somebody's browser."""
    found = Remote(site.base)
    assert found.sign_in(name).path != "/sign-in"
    return found


def give_in(nora: Remote, action: str, *searches: str) -> list[int]:
    """Look at what would happen to everybody found by each of the searches, then give all of it in; return the jobs."""
    previews = [nora.ask("GET", f"/users/all/?search={search}&action={action}") for search in searches]
    shown = [nora.submit(page, "/users/all/run/") for page in previews]
    return [int(re.findall(r"id=(\d+)", page.url)[0]) for page in shown]


def over(site: Site, *jobs: int) -> Callable[[], bool]:
    return lambda: all(site.job(job_id).state.over for job_id in jobs)
