"""Files that were exported in the background."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make it so."""
    op.create_table(
        "export_file",
        sa.Column("job_id", ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("size", ID, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_export_file_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_export_file")),
    )
    op.create_index(op.f("ix_export_file_made_at"), "export_file", ["made_at"], unique=False)
    op.create_table(
        "export_part",
        sa.Column("job_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_export_part_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_export_part")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("export_part")
    op.drop_table("export_file")
