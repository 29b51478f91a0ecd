"""A column more."""

import sqlalchemy as sa
from alembic import op

revision = "guest_book_0002"
down_revision = "guest_book_0001"


def upgrade() -> None:
    with op.batch_alter_table("p_guest_book_entry") as table:
        table.add_column(sa.Column("stars", sa.Integer))


def downgrade() -> None:
    with op.batch_alter_table("p_guest_book_entry") as table:
        table.drop_column("stars")
