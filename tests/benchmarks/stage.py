"""The databases that are measured on: filled once with the demonstration's people, and four of them signed in."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, func, insert, literal, make_url, select, text, update

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.migrations import upgrade
from bo_panel.demo import State, fill, state_of
from bo_panel.domain.access import OWNER
from bo_panel.domain.lifecycle import Status
from bo_panel.domain.units import UnitPath
from bo_panel.models import Grant, Role, SignInSession, Unit, User, UserSearch
from bo_panel.queries.search import hits
from bo_panel.queries.visible import Scope, visible
from bo_panel.services.engine import writing
from bo_panel.services.sign_in.machine import digest
from bo_panel.settings import load
from bo_panel.testing.passwords import CheapHasher

NAME = "bench"
HOME = Path(__file__).parents[2] / "var" / NAME
FEW, MANY = 10, 5_000
SUB_ACCOUNT, PLATFORM_USER, KEEPER = "service_provider.sub_account", "service_provider.platform_user", "role:bench.sub_account_administrator"
KEEPS = {
    "users": "delete",
    "units": "view",
    "service_provider.numbers": "edit",
    "service_provider.routing": "edit",
    "service_provider.reports": "view",
}
"""What the administrator of a sub-account may do: a role that the bench makes, since the deployment has none that sees so little."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """One who looks at the list: in words, the id, the path of the unit whose users are seen, and the cookie's secret."""

    title: str
    user_id: int
    top: str
    token: str


@contextmanager
def staged(url: str, users: int, keep: bool, columns: Sequence[str] = ()) -> Iterator[Panel]:
    """Yield a panel whose database is filled with so many users; it is thrown away again unless it is to be kept.

    The list shows `columns`, or those of the deployment; for a column of the plugin `ticketing` that is loaded as well.
    """
    HOME.mkdir(parents=True, exist_ok=True)
    address = make_url(url)
    _make(url)
    panel = _started(url)
    if state_of(panel) is State.EMPTY:
        fill(panel, users)
        cleaned(panel)
    _keep_a_sub_account(panel)
    if columns:
        panel.database.dispose()
        panel = _started(url, columns)
    yield panel
    panel.database.dispose()
    if not keep:
        _drop(address.render_as_string(hide_password=False))


def _started(url: str, columns: Sequence[str] = ()) -> Panel:
    shown = {"BO_USERS__COLUMNS": json.dumps(columns)} if columns else {}
    if any(column.startswith("ticketing.") for column in columns):
        shown |= {"BO_DEPLOYMENT__PLUGINS": '["service_provider", "ticketing"]'}
    panel = Panel.start(load("service_provider", environ_of(url) | shown), hasher=CheapHasher())
    upgrade(panel)
    return panel


def environ_of(url: str) -> dict[str, str]:
    """Return the environment of a process over a database."""
    return {"DATABASE_URL": url, "BO_DEPLOYMENT__NAME": NAME, "SECRET_KEY": "measured" * 5, "BO_DEMO__SEED": "2026"}


def people(panel: Panel) -> list[Somebody]:
    """Return who looks: an owner of everything, of a provider with a third of the users, and administrators of small places."""
    with panel.session() as session:
        provider = session.execute(select(Unit.id, Unit.path).where(Unit.kind == "service_provider.provider").order_by(Unit.id).offset(1)).first()
        assert provider is not None
        account = _largest(session, "service_provider.account", "service_provider.platform_administrator")
        sub_account = _largest(session, SUB_ACCOUNT, KEEPER)
        wanted = [
            ("owner of everything", OWNER, 1, "/1/"),
            ("owner of a provider", OWNER, provider.id, provider.path),
            ("administrator of an account", "service_provider.platform_administrator", *account),
            ("administrator of a sub-account", KEEPER, *sub_account),
        ]
        found = [(title, _holder(session, role, unit_id), top) for title, role, unit_id, top in wanted]
    return [Somebody(title, user_id, top, _signed_in(panel, user_id)) for title, user_id, top in found]


def texts(panel: Panel, somebody: Somebody) -> tuple[str, str]:
    """Return a text that about ten of the users have whom somebody sees, and one that thousands of all have."""
    seen = visible(Scope((UnitPath(somebody.top),)), panel.clock.now(), panel.database.dialect.name)
    with panel.session() as session:
        documents = session.scalars(select(UserSearch.document).join(User, User.id == UserSearch.user_id).where(seen).order_by(User.id % 9973).limit(200))
        words = {word for document in documents for word in document.split() if len(word) > 4 and word.isalnum() and not word.isdigit()}
        words = sorted({*words, *(word[:letters] for word in words for letters in range(3, len(word)))})[:: 1 + len(words) // 400]
        counted = {word: _found(session, panel, word, None) for word in words}
        rare = sorted((word for word in words if FEW <= counted[word] <= MANY), key=lambda word: counted[word])
        shown = {word: _found(session, panel, word, seen) for word in rare[:: 1 + len(rare) // 100]}  # who sees little needs a more common one
    few = min(shown, key=lambda word: (abs(shown[word] - FEW), word))
    return few, min(words, key=lambda word: (abs(counted[word] - MANY), word))


def counts(panel: Panel) -> str:
    """Return in words how much there is."""
    with panel.session() as session:
        numbers = [session.scalar(select(func.count()).select_from(table)) or 0 for table in (User, Unit, Grant)]
        away = session.scalar(select(func.count()).where(User.away)) or 0
    return "{:,} users, {:,} units, {:,} grants; {:,} users hold a grant away from home".format(*numbers, away)


def _found(session: Any, panel: Panel, word: str, seen: Any) -> int:
    """Return how many of those who are seen have a text, counted up to twice as many as are looked for."""
    rows = hits((word,), panel.database.dialect.name).limit(2 * MANY).subquery()
    ones = select(literal(1)).select_from(rows)
    return int(session.scalar(select(func.count()).select_from((ones if seen is None else ones.join(User, User.id == rows.c.user_id).where(seen)).subquery())))


def _keep_a_sub_account(panel: Panel) -> None:
    """Let one of those who work at the largest sub-account, and nowhere else, administer it instead; once."""
    with panel.session() as session, writing(session):
        if session.scalar(select(Role.id).where(Role.key == KEEPER)):
            return
        unit_id, _path = _largest(session, SUB_ACCOUNT, PLATFORM_USER)
        his = (Grant.user_id == _holder(session, PLATFORM_USER, unit_id), Grant.unit_id == unit_id, Grant.role_key == PLATFORM_USER)
        values = {"unit_id": unit_id, "label": "Sub-Account Administrator", "levels": KEEPS, "unit_kinds": [SUB_ACCOUNT], "created_at": panel.clock.now()}
        session.execute(insert(Role).values(key=KEEPER, **values))
        session.execute(update(Grant).where(*his).values(role_key=KEEPER))


def _largest(session: Any, kind: str, role: str) -> tuple[int, str]:
    """Return the unit of a kind where this role is held most often."""
    rows = select(Unit.id, Unit.path).join(Grant, Grant.unit_id == Unit.id).where(Unit.kind == kind, Grant.role_key == role)
    row = session.execute(rows.group_by(Unit.id, Unit.path).order_by(func.count().desc(), Unit.id)).first()
    return row.id, row.path


def _holder(session: Any, role: str, unit_id: int) -> int:
    """Return somebody active who holds this role at this unit and nothing else but membership."""
    alone = select(Grant.user_id).group_by(Grant.user_id).having(func.count() <= 2)
    rows = select(User.id).join(Grant, Grant.user_id == User.id)
    rows = rows.where(Grant.role_key == role, Grant.unit_id == unit_id, Grant.expires_at.is_(None), User.status == Status.ACTIVE, User.id.in_(alone))
    return int(session.scalars(rows.order_by(User.id)).first())


def _signed_in(panel: Panel, user_id: int) -> str:
    token, now = f"measured-{user_id}", panel.clock.now()
    with panel.session() as session, writing(session):
        session.query(SignInSession).where(SignInSession.token_hash == digest(token)).delete()
        session.execute(insert(SignInSession).values(token_hash=digest(token), user_id=user_id, created_at=now, seen_at=now, address="", agent=""))
    return token


def cleaned(panel: Panel) -> None:
    """Clear what changes left behind, and let the database look at what there is."""
    with create_engine(panel.database.url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("VACUUM ANALYZE" if panel.database.dialect.name == "postgresql" else "ANALYZE"))


def _make(url: str) -> None:
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        with _server(url) as connection:
            if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": address.database}):
                connection.execute(text(f'CREATE DATABASE "{address.database}"'))


def _drop(url: str) -> None:
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        with _server(url) as connection:
            connection.execute(text(f'DROP DATABASE "{address.database}" WITH (FORCE)'))
        return
    for ending in ("", "-wal", "-shm"):
        Path(f"{address.database}{ending}").unlink(missing_ok=True)


@contextmanager
def _server(url: str) -> Iterator[Any]:
    server = create_engine(make_url(url).set(database="postgres", drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        yield connection
    server.dispose()
