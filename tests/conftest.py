"""What all tests share: a panel on both databases, no network, and small examples for Hypothesis."""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from bo_panel.bootstrap import Panel
from bo_panel.settings import load
from bo_panel.testing import PostgresStore, SqliteStore, Store, World, counted
from bo_panel.testing.stores import process_name

HERE = Path(__file__).parent
DATABASES = ("sqlite", "postgresql")
SERVER = os.environ.get("BO_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
STRICT = os.environ.get("BO_TEST_STRICT") == "1"
EXAMPLES = {"ci": {"sqlite": 40, "postgresql": 15}, "thorough": {"sqlite": 400, "postgresql": 150}}
PROFILE = os.environ.get("BO_TEST_PROFILE", "ci")

Check = Callable[..., Callable[[Callable[..., None]], None]]
Statements = Callable[[Panel], AbstractContextManager[list[str]]]


def pytest_configure() -> None:
    """Make examples as many as the profile says."""
    for name, examples in EXAMPLES.items():
        settings.register_profile(name, deadline=None, max_examples=examples["sqlite"], suppress_health_check=list(HealthCheck), database=None)
    settings.load_profile(PROFILE)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Walk through pages on SQLite, and through every third of them on PostgreSQL, too; through all of them in the profile `thorough`.

    What is asked of the databases is tried on both by the rooms below the pages.
    """
    if PROFILE == "thorough":
        return
    left = [item for item in items if _is_page(item.nodeid) and "postgresql" in item.name and crc32(item.nodeid.encode()) % 3]
    if left:
        config.hook.pytest_deselected(items=left)
        without = set(left)
        items[:] = [item for item in items if item not in without]


def _is_page(node: str) -> bool:
    return node.startswith(("tests/web/", "tests/seeds/"))


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections to anywhere but this machine."""
    plain = socket.socket.connect

    def connect(this: socket.socket, address: Any) -> None:
        if this.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(str(address[0])):
            raise OSError(f"a test wants to reach {address[0]}; the network is off")
        plain(this, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session", params=DATABASES)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker: str) -> Iterator[Store]:
    """Where the databases of the test deployment come from."""
    yield from _store(request.param, "grove", HERE / "deployment", tmp_path_factory.mktemp("store"), worker)


@pytest.fixture(scope="session", params=DATABASES)
def provider_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker: str) -> Iterator[Store]:
    """Where the databases of the deployment `service_provider` come from."""
    yield from _store(request.param, "service_provider", HERE.parent, tmp_path_factory.mktemp("store"), f"{worker}_sp")


@pytest.fixture(scope="session", params=DATABASES)
def ticketing_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker: str) -> Iterator[Store]:
    """Where the databases of the deployment `ticketing` come from."""
    yield from _store(request.param, "ticketing", HERE.parent, tmp_path_factory.mktemp("store"), f"{worker}_tk")


@pytest.fixture
def ticketing_panel(ticketing_store: Store, tmp_path: Path) -> Iterator[Panel]:
    """A panel of the deployment `ticketing`, on each database, with nothing but the root."""
    yield from _panel(ticketing_store, tmp_path)


@pytest.fixture(scope="session", params=DATABASES)
def retail_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker: str) -> Iterator[Store]:
    """Where the databases of the deployment `retail` come from."""
    yield from _store(request.param, "retail", HERE.parent, tmp_path_factory.mktemp("store"), f"{worker}_rt")


@pytest.fixture(scope="session", params=DATABASES)
def field_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker: str) -> Iterator[Store]:
    """Where the databases of the deployment `field_service` come from."""
    yield from _store(request.param, "field_service", HERE.parent, tmp_path_factory.mktemp("store"), f"{worker}_fs")


@pytest.fixture(scope="session", params=DATABASES)
def tickets_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker: str) -> Iterator[Store]:
    """Where the databases of the deployment `event_tickets` come from."""
    yield from _store(request.param, "event_tickets", HERE.parent, tmp_path_factory.mktemp("store"), f"{worker}_et")


@pytest.fixture(scope="session")
def worker() -> str:
    """The name of this process among those that share the work."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture
def panel(store: Store, tmp_path: Path) -> Iterator[Panel]:
    """A panel of the test deployment `grove`, on each database, with nothing but the root."""
    yield from _panel(store, tmp_path)


@pytest.fixture
def provider_panel(provider_store: Store, tmp_path: Path) -> Iterator[Panel]:
    """A panel of the deployment `service_provider`, on each database, with nothing but the root."""
    yield from _panel(provider_store, tmp_path)


@pytest.fixture
def retail_panel(retail_store: Store, tmp_path: Path) -> Iterator[Panel]:
    """A panel of the deployment `retail`, on each database, with nothing but the root."""
    yield from _panel(retail_store, tmp_path)


@pytest.fixture
def field_panel(field_store: Store, tmp_path: Path) -> Iterator[Panel]:
    """A panel of the deployment `field_service`, on each database, with nothing but the root."""
    yield from _panel(field_store, tmp_path)


@pytest.fixture
def world(panel: Panel) -> Iterator[World]:
    """The units and users of `panel`, in a session of their own."""
    with panel.session() as session:
        yield World(panel, session)


@pytest.fixture
def provider_world(provider_panel: Panel) -> Iterator[World]:
    """The units and users of `provider_panel`, in a session of their own."""
    with provider_panel.session() as session:
        yield World(provider_panel, session)


@pytest.fixture
def statements() -> Statements:
    """Count the statements of a block: `with statements(panel) as seen`."""
    return lambda panel: counted(panel.database)


@pytest.fixture
def check(store: Store, world: World) -> Check:
    """Try a function on random worlds, each in an emptied database: `@check(worlds())` above `def holds(world_drawn)`."""
    examples = EXAMPLES[PROFILE][world.panel.database.dialect.name]

    def checked(*strategies: Any, share: float = 1) -> Callable[[Callable[..., None]], None]:
        def on(holds: Callable[..., None]) -> None:
            def tried(drawn: tuple[Any, ...]) -> None:
                world.session.rollback()
                world.session.expunge_all()
                store.clean(world.panel)
                holds(*drawn)

            settings(max_examples=max(3, int(examples * share)))(given(st.tuples(*strategies))(tried))()

        return on

    return checked


def _panel(store: Store, folder: Path) -> Iterator[Panel]:
    panel = store.fresh(folder)
    yield panel
    panel.database.dispose()


def _store(kind: str, deployment: str, root: Path, folder: Path, worker: str) -> Iterator[Store]:
    found = load(deployment, {}, root=root)
    if kind == "postgresql":
        _need_postgresql()
        store: Store = PostgresStore(found, SERVER, process_name(worker))
    else:
        store = SqliteStore(found, folder)
    yield store
    store.close()


def _need_postgresql() -> None:
    server = create_engine(SERVER, connect_args={"connect_timeout": 3})
    try:
        server.connect().close()
    except OperationalError as problem:
        reason = f"PostgreSQL does not answer (BO_TEST_POSTGRES): {str(problem.orig).splitlines()[0]}"
        (pytest.fail if STRICT else pytest.skip)(reason)
    finally:
        server.dispose()


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
