"""Migrations make what the models say, up and down, and a database from another version is told in a line."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from bo_panel.bootstrap import Panel
from bo_panel.bootstrap.core_migrations import MIGRATIONS, config
from bo_panel.bootstrap.database import DatabaseError
from bo_panel.bootstrap.migrations import pending, upgrade
from bo_panel.models import Base
from bo_panel.services.engine.transaction import WRITES
from bo_panel.testing import Store, World

REVISIONS = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("*.py"))

BESIDE_THE_MODELS = ("user_search_fts", "ix_user_search_trigrams", "alembic_version")


@pytest.fixture
def lone_panel(panel: Panel, store: Store) -> Iterator[Panel]:
    """A panel whose tables may be dropped: they are brought back for those who come after."""
    yield panel
    write(panel, f"UPDATE alembic_version SET version_num = '{REVISIONS[-1]}' WHERE version_num = '9999'")
    upgrade(panel)
    store.clean(panel)


def write(panel: Panel, *statements: str) -> None:
    with panel.database.connect() as connection, connection.execution_options(**{WRITES: True}).begin():
        for statement in statements:
            connection.execute(text(statement))


def down(panel: Panel, revision: str) -> None:
    with panel.database.connect() as connection, connection.execution_options(**{WRITES: True}).begin():
        command.downgrade(config(connection), revision)


def differences(connection: Connection) -> list[Any]:
    def belongs(_item: object, name: str | None, *_rest: object) -> bool:
        return not (name or "").startswith(BESIDE_THE_MODELS)

    context = MigrationContext.configure(connection, opts={"include_object": belongs, "compare_type": True})
    return compare_metadata(context, Base.metadata)


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_the_migrations_make_what_the_models_say(panel: Panel) -> None:
    with panel.database.connect() as connection:
        assert differences(connection) == []


def test_there_and_back_and_there_again_with_data(lone_panel: Panel) -> None:
    with lone_panel.session() as session:
        world = World(lone_panel, session)
        user_id = world.user("ann", ("owner", 1), first_name="Ann")
        world.panel.sign_in.enter(session, "ann", "wrong")
    assert pending(lone_panel) == {}
    down(lone_panel, "0001")
    assert pending(lone_panel) == {"core": REVISIONS[1:]}
    assert upgrade(lone_panel) == {"core": REVISIONS[1:]}
    with lone_panel.session() as session:
        assert World(lone_panel, session).row(user_id).first_name == "Ann"
    down(lone_panel, "base")
    with lone_panel.database.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    assert upgrade(lone_panel) == {"core": REVISIONS}
    with lone_panel.session() as session:
        assert World(lone_panel, session).counts()["unit"] == 1


def test_a_database_from_a_newer_version_is_told_in_one_line(lone_panel: Panel) -> None:
    write(lone_panel, "UPDATE alembic_version SET version_num = '9999'")
    for act in (pending, upgrade):
        with pytest.raises(DatabaseError, match="upgraded by a newer bo_panel") as caught:
            act(lone_panel)
        assert "\n" not in str(caught.value)
