"""Profile fields that units own, and the values that no two users share."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KEPT = sa.text("kept")

# What a page keeps of these fields it keeps by the version of the configuration, as of roles (0009).
POSTGRESQL_UP = """
    CREATE TRIGGER profile_field_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON profile_field
    FOR EACH STATEMENT EXECUTE FUNCTION configuration_changed()
"""
SQLITE_UP = """
    CREATE TRIGGER profile_field_{name} AFTER {event} ON profile_field BEGIN
        INSERT INTO cache_version (domain, version) VALUES ('configuration', random())
            ON CONFLICT (domain) DO UPDATE SET version = excluded.version;
    END
"""
SQLITE_EVENTS = {"added": "INSERT", "changed": "UPDATE", "removed": "DELETE"}


def upgrade() -> None:
    """Make it so."""
    op.create_table(
        "profile_field",
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_profile_field_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_field")),
        sa.UniqueConstraint("key", name=op.f("uq_profile_field_key")),
    )
    op.create_index(op.f("ix_profile_field_unit_id"), "profile_field", ["unit_id"], unique=False)
    op.create_table(
        "profile_value",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("field", sa.String(length=120), nullable=False),
        sa.Column("value_key", sa.String(length=800), nullable=False),
        sa.Column("kept", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_profile_value_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "field", name=op.f("pk_profile_value")),
    )
    columns = ["field", "value_key"]
    op.create_index("uq_profile_value_field_value_key", "profile_value", columns, unique=True, sqlite_where=KEPT, postgresql_where=KEPT)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_UP)
        return
    for name, event in SQLITE_EVENTS.items():
        op.execute(SQLITE_UP.format(name=name, event=event))


def downgrade() -> None:
    """Take it back; the triggers go with their table."""
    op.drop_table("profile_value")
    op.drop_table("profile_field")
