"""A version of what processes keep of each unit, which Clear Cache changes."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make it so."""
    op.create_table(
        "unit_cache_version",
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("domain", sa.String(length=120), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_cache_version_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "domain", name=op.f("pk_unit_cache_version")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("unit_cache_version")
