"""Members."""

import sqlalchemy as sa
from alembic import op

revision = "ticketing_0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOLDED = sa.String(240).with_variant(sa.String(240, collation="C"), "postgresql")
TABLE = "p_ticketing_member"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("sort_key", FOLDED, nullable=False, server_default=""),
        sa.Column("document", sa.Text(), nullable=False, server_default=""),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("leader_id", ID),
        sa.Column("first_name", sa.String(120), nullable=False),
        sa.Column("last_name", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("mobile", sa.String(40)),
        sa.Column("member_number", sa.String(60)),
        sa.Column("member_number_key", sa.String(800)),
        sa.Column("joined", sa.Date()),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("note", sa.String(2_000)),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.ForeignKeyConstraint(["organization_id"], ["unit.id"], ondelete="CASCADE", name=f"fk_{TABLE}_organization_id"),
        sa.ForeignKeyConstraint(["leader_id"], ["user.id"], ondelete="SET NULL", name=f"fk_{TABLE}_leader_id"),
        sa.UniqueConstraint("organization_id", "member_number_key", name=f"uq_{TABLE}_organization_id_member_number_key"),
    )
    for columns in (("organization_id", "sort_key", "id"), ("sort_key", "id"), ("leader_id",)):
        op.create_index(f"ix_{TABLE}_{'_'.join(columns)}", TABLE, list(columns))


def downgrade() -> None:
    """Drop it."""
    op.drop_table(TABLE)
