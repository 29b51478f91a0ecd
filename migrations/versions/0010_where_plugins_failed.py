"""Where plugins failed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make it so."""
    op.create_table(
        "plugin_error",
        sa.Column("id", ID, nullable=False),
        sa.Column("plugin", sa.String(length=60), nullable=False),
        sa.Column("hook", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plugin_error")),
        sa.UniqueConstraint("plugin", "hook", "place", name=op.f("uq_plugin_error_plugin_hook_place")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("plugin_error")
