"""Features that are on or off at units and beneath."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# What a page keeps of them it keeps by the version of the configuration, as of roles (0009).
POSTGRESQL_UP = """
    CREATE TRIGGER unit_feature_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON unit_feature
    FOR EACH STATEMENT EXECUTE FUNCTION configuration_changed()
"""
SQLITE_UP = """
    CREATE TRIGGER unit_feature_{name} AFTER {event} ON unit_feature BEGIN
        INSERT INTO cache_version (domain, version) VALUES ('configuration', random())
            ON CONFLICT (domain) DO UPDATE SET version = excluded.version;
    END
"""
SQLITE_EVENTS = {"added": "INSERT", "changed": "UPDATE", "removed": "DELETE"}


def upgrade() -> None:
    """Make it so."""
    op.create_table(
        "unit_feature",
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_feature_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "key", name=op.f("pk_unit_feature")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_UP)
        return
    for name, event in SQLITE_EVENTS.items():
        op.execute(SQLITE_UP.format(name=name, event=event))


def downgrade() -> None:
    """Take it back; its triggers go with it."""
    op.drop_table("unit_feature")
