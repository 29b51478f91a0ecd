"""Where plugins are switched off; what processes keep of it is read again as soon as it changes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
POSTGRESQL_UP = (
    """
    CREATE TRIGGER plugin_switch_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON plugin_switch
    FOR EACH STATEMENT EXECUTE FUNCTION configuration_changed()
    """,
)
SQLITE_TRIGGER = """
    CREATE TRIGGER plugin_switch_{name} AFTER {event} ON plugin_switch BEGIN
        INSERT INTO cache_version (domain, version) VALUES ('configuration', random())
            ON CONFLICT (domain) DO UPDATE SET version = excluded.version;
    END
"""
SQLITE_EVENTS = (("added", "INSERT"), ("changed", "UPDATE"), ("removed", "DELETE"))
SQLITE_UP = tuple(SQLITE_TRIGGER.format(name=name, event=event) for name, event in SQLITE_EVENTS)


def upgrade() -> None:
    """Make it so."""
    op.create_table(
        "plugin_switch",
        sa.Column("plugin", sa.String(length=60), nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_plugin_switch_unit_id")),
        sa.PrimaryKeyConstraint("plugin", "unit_id", name=op.f("pk_plugin_switch")),
    )
    for statement in POSTGRESQL_UP if op.get_bind().dialect.name == "postgresql" else SQLITE_UP:
        op.execute(statement)


def downgrade() -> None:
    """Take it back; the triggers go with the table."""
    op.drop_table("plugin_switch")
