"""A real browser in front of a panel that is really served."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from bo_panel.bootstrap import Panel
from bo_panel.domain.lifecycle import Status
from bo_panel.models import Grant, User, UserSearch
from bo_panel.settings import load
from bo_panel.testing import SqliteStore, World
from bo_panel.testing.world import user_row
from tests.journeys.reader import Reader
from tests.site import AMBER_ONE, AMBER_TWO, NORTH, PLATFORM_USER, Site, application, fill, with_settings

STRICT = os.environ.get("BO_TEST_STRICT") == "1"
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FIRST = ("Amir", "Beate", "Chloé", "Diego", "Elif", "Farah", "Göran", "Hana", "Ines", "Jonas")
LAST = ("Adeyemi", "Baumgartner-Schwarzenbach", "Costa", "Dąbrowski", "Eriksen", "Fitzgerald", "García", "Haddad")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    path = os.environ.get("BO_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        (pytest.fail if STRICT else pytest.skip)(f"no browser: install one of {', '.join(NAMES)}, or name it in BO_TEST_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def template_store(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    """Where the databases of these tests come from."""
    return SqliteStore(load("service_provider", {}, root=Path(__file__).parents[2]), tmp_path_factory.mktemp("store"))


@pytest.fixture
def served(template_store: SqliteStore, tmp_path: Path) -> Iterator[tuple[Site, str]]:
    """A panel with a hundred people, and where it is served."""
    def filled(world: World) -> None:
        fill(world)
        plant(world, 100)

    with serving(template_store.fresh(tmp_path), filled) as found:
        yield found


@contextmanager
def serving(fresh: Panel, filled: Callable[[World], None]) -> Iterator[tuple[Site, str]]:
    """Serve a panel once it is filled; yield it, and where it is."""
    panel = with_settings(fresh)
    with panel.session() as session:
        world = World(panel, session)
        filled(world)
        session.rollback()
        site = Site(panel, world, application(panel))
        server = make_server("127.0.0.1", 0, site.app, threaded=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield site, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()
        site.close()
        panel.database.dispose()


@pytest.fixture
def site(served: tuple[Site, str]) -> Site:
    """What is served."""
    return served[0]


@pytest.fixture
def shots(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder for pictures: a temporary one, unless BO_TEST_SHOTS names another."""
    folder = Path(os.environ.get("BO_TEST_SHOTS") or tmp_path) / request.node.name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def reader(chromium: Browser, served: tuple[Site, str], shots: Path) -> Iterator[Reader]:
    """Somebody in front of the browser, who sees everything that it complains about."""
    with reading(chromium, served[1], shots) as found:
        yield found


@contextmanager
def reading(chromium: Browser, url: str, shots: Path) -> Iterator[Reader]:
    """Yield somebody in front of the browser."""
    context = chromium.new_context(base_url=url, viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield Reader(context, shots)
    context.close()


@pytest.fixture
def nora(reader: Reader) -> Reader:
    """The administrator of a provider, signed in and in front of the list."""
    reader.sign_in("nora")
    reader.goto("/users/")
    return reader


def plant(world: World, count: int) -> None:
    """Add people of the first provider, some disabled."""
    rows = []
    for number in range(count):
        first, last = FIRST[number % len(FIRST)], LAST[number % len(LAST)]
        status = Status.DISABLED if number % 9 == 4 else Status.ACTIVE
        columns = {"first_name": first, "last_name": f"{last} {number}", "email": f"user{number}@north.example", "status": status, "away": True}
        rows.append(user_row(1_000 + number, f"user{number}", world.now, {"home_id": NORTH, **columns}))
    common = {"source": "admin", "created_at": world.now}
    grants = [
        {"user_id": row["id"], "role_key": key, "unit_id": unit, "away": unit != NORTH, **common}
        for row in rows
        for key, unit in (("member", NORTH), (PLATFORM_USER, AMBER_ONE), (PLATFORM_USER, AMBER_TWO))
    ]
    documents = [{"user_id": row["id"], "document": f"{row['first_name']} {row['last_name']} {row['user_name']}".casefold()} for row in rows]
    world.plant({User: rows, UserSearch: documents, Grant: grants})
