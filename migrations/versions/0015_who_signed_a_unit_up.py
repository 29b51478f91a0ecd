"""The e-mail address that the first owner of a unit came with."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it so."""
    op.add_column("unit", sa.Column("founder_email_key", sa.String(length=254), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("unit", "founder_email_key")
