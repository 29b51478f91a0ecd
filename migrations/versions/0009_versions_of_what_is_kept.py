"""A version of what processes keep of the configuration, so that each knows when it is out of date."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# The number says only whether something is as it was: one that counts up would be given again after a rollback.
POSTGRESQL_UP = (
    """
    CREATE FUNCTION configuration_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO cache_version (domain, version) VALUES ('configuration', floor(random() * 9007199254740991)::bigint)
            ON CONFLICT (domain) DO UPDATE SET version = excluded.version;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER role_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON role
    FOR EACH STATEMENT EXECUTE FUNCTION configuration_changed()
    """,
)
POSTGRESQL_DOWN = ("DROP TRIGGER role_changed ON role", "DROP FUNCTION configuration_changed()")
SQLITE_EVENTS = {"role_added": "INSERT", "role_changed": "UPDATE", "role_removed": "DELETE"}
SQLITE_TRIGGER = """
    CREATE TRIGGER {name} AFTER {event} ON role BEGIN
        INSERT INTO cache_version (domain, version) VALUES ('configuration', random())
            ON CONFLICT (domain) DO UPDATE SET version = excluded.version;
    END
"""
SQLITE_UP = tuple(SQLITE_TRIGGER.format(name=name, event=event) for name, event in SQLITE_EVENTS.items())
SQLITE_DOWN = tuple(f"DROP TRIGGER {name}" for name in SQLITE_EVENTS)


def upgrade() -> None:
    """Make it so."""
    op.create_table(
        "cache_version",
        sa.Column("domain", sa.String(length=120), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_cache_version")),
    )
    _run(POSTGRESQL_UP, SQLITE_UP)


def downgrade() -> None:
    """Take it back."""
    _run(POSTGRESQL_DOWN, SQLITE_DOWN)
    op.drop_table("cache_version")


def _run(on_postgresql: tuple[str, ...], on_sqlite: tuple[str, ...]) -> None:
    for statement in on_postgresql if op.get_bind().dialect.name == "postgresql" else on_sqlite:
        op.execute(statement)
