"""Pictures in the fields of profiles, and with which name tries to sign in were made."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BLOCKED = sa.text("blocked_until IS NOT NULL")


def upgrade() -> None:
    """Make it so."""
    op.create_table(
        "profile_image",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("field", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_profile_image_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "field", name=op.f("pk_profile_image")),
    )
    op.add_column("attempt", sa.Column("account", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_attempt_account"), "attempt", ["account"], unique=False)
    op.create_index("ix_attempt_blocked_until", "attempt", ["blocked_until"], unique=False, sqlite_where=BLOCKED, postgresql_where=BLOCKED)


def downgrade() -> None:
    """Take it back; that there was a picture stays in the profiles, and is shown nowhere."""
    op.drop_index("ix_attempt_blocked_until", table_name="attempt")
    op.drop_index(op.f("ix_attempt_account"), table_name="attempt")
    op.drop_column("attempt", "account")
    op.drop_table("profile_image")
