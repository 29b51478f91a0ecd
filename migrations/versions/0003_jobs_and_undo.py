"""Work in the background, and runs that take others back."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STATES = ("waiting", "running", "done", "cancelled", "stopped", "failed")


def upgrade() -> None:
    """Make it so."""
    op.create_table(
        "undo",
        sa.Column("change_set_id", ID, nullable=False),
        sa.Column("undoes_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["change_set_id"], ["change_set.id"], name=op.f("fk_undo_change_set_id")),
        sa.ForeignKeyConstraint(["undoes_id"], ["change_set.id"], name=op.f("fk_undo_undoes_id")),
        sa.PrimaryKeyConstraint("change_set_id", name=op.f("pk_undo")),
    )
    op.create_index(op.f("ix_undo_undoes_id"), "undo", ["undoes_id"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("door", sa.String(length=20), nullable=False),
        sa.Column("task", sa.JSON(), nullable=False),
        sa.Column("selection", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=400), server_default="", nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="jobstate", native_enum=False, create_constraint=True, length=12), nullable=False),
        sa.Column("change_set_id", ID, nullable=True),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("checkpoint", ID, nullable=False),
        sa.Column("selected", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("refusal", sa.String(length=60), nullable=True),
        sa.Column("told", sa.String(length=400), nullable=True),
        sa.Column("holder", sa.String(length=80), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_job_actor_id")),
        sa.ForeignKeyConstraint(["change_set_id"], ["change_set.id"], name=op.f("fk_job_change_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_by_state", "job", ["state", "id"], unique=False)
    op.create_index("ix_job_by_actor", "job", ["actor_id", "id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("job")
    op.drop_table("undo")
