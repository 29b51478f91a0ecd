"""The table."""

import sqlalchemy as sa
from alembic import op

revision = "guest_book_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "p_guest_book_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("text", sa.String(200), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("p_guest_book_entry")
