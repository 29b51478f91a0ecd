"""Policies: roles that belong to no unit; and a version of every role, for those who edit it at the same time."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CHECK = "only_policies_belong_nowhere"
EVENTS = {"role_added": "INSERT", "role_changed": "UPDATE", "role_removed": "DELETE"}
TRIGGER = """
    CREATE TRIGGER {name} AFTER {event} ON role BEGIN
        INSERT INTO cache_version (domain, version) VALUES ('configuration', random())
            ON CONFLICT (domain) DO UPDATE SET version = excluded.version;
    END
"""


def upgrade() -> None:
    """Make it so."""
    with op.batch_alter_table("role") as table:
        table.add_column(sa.Column("preset", sa.String(length=120), nullable=False, server_default=""))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        table.alter_column("unit_id", existing_type=_id(), nullable=True)
        table.create_check_constraint(CHECK, "(unit_id IS NULL) = (key LIKE 'policy:%')")
    _trigger_again()


def downgrade() -> None:
    """Take it back; whoever holds a policy holds nothing by it from then on."""
    op.execute("DELETE FROM role WHERE unit_id IS NULL")
    with op.batch_alter_table("role") as table:
        table.drop_constraint(op.f(f"ck_role_{CHECK}"), type_="check")
        table.alter_column("unit_id", existing_type=_id(), nullable=False)
        table.drop_column("version")
        table.drop_column("preset")
    _trigger_again()


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _trigger_again() -> None:
    """SQLite makes the table anew, and so loses what 0009 made on it."""
    for name, event in EVENTS.items() if op.get_bind().dialect.name == "sqlite" else ():
        op.execute(TRIGGER.format(name=name, event=event))
