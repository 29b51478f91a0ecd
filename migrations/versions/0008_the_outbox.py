"""What plugins are still to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make it so."""
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("plugin", sa.String(length=60), nullable=False),
        sa.Column("change_set_id", ID, nullable=False),
        sa.Column("upto", ID, nullable=False),
        sa.Column("last_id", ID, nullable=False),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(length=200), nullable=True),
        sa.Column("dead_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["change_set_id"], ["change_set.id"], name=op.f("fk_outbox_change_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_by_run", "outbox", ["plugin", "change_set_id", "id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("outbox")
