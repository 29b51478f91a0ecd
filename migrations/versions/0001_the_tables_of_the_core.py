"""The tables of the core"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
FOLDED = sa.String(240).with_variant(sa.String(240, collation="C"), "postgresql")
PATH = sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql")
KEPT = {"sqlite_where": sa.text("deleted_at IS NULL"), "postgresql_where": sa.text("deleted_at IS NULL")}
AWAY = {"sqlite_where": sa.text("away = 1"), "postgresql_where": sa.text("away")}


def upgrade() -> None:
    """Make it so."""
    op.create_table(
        "attempt",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("blocked_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempt")),
    )
    op.create_table(
        "unit",
        sa.Column("id", ID, nullable=False),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sort_name", FOLDED, nullable=False),
        sa.Column("path", PATH, nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(parent_id IS NULL) = (kind = 'root')", name=op.f("ck_unit_only_the_root_has_no_parent")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("path", name=op.f("uq_unit_path")),
    )
    op.create_index("ix_unit_kind_sort_name", "unit", ["kind", "sort_name", "id"], unique=False)
    op.create_index(op.f("ix_unit_parent_id"), "unit", ["parent_id"], unique=False)
    op.create_table(
        "role",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("unit_kinds", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("key", name=op.f("uq_role_key")),
    )
    op.create_index(op.f("ix_role_unit_id"), "role", ["unit_id"], unique=False)
    op.create_table(
        "user",
        sa.Column("id", ID, nullable=False),
        sa.Column("home_id", ID, nullable=False),
        sa.Column("away", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("user_name", sa.String(length=120), nullable=False),
        sa.Column("user_name_key", FOLDED, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_key", sa.String(length=254), nullable=True),
        sa.Column("email_deliverable", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("first_name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("last_name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("sort_name", FOLDED, server_default="", nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("user_type", sa.String(length=80), nullable=True),
        sa.Column(
            "status",
            sa.Enum("invited", "active", "disabled", "archived", "deleted", name="status", native_enum=False, create_constraint=True, length=12),
            nullable=False,
        ),
        sa.Column("profile", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("last_sign_in", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("access_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(status = 'deleted') = (deleted_at IS NOT NULL)", name=op.f("ck_user_deleted_at_when_deleted")),
        sa.ForeignKeyConstraint(["home_id"], ["unit.id"], name=op.f("fk_user_home_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
    )
    op.create_index("ix_user_by_home", "user", ["home_id", "id", "last_sign_in", "sort_name", "status", "user_type"], unique=False, **KEPT)
    op.create_index("ix_user_by_id", "user", ["id", "home_id", "away"], unique=False, **KEPT)
    op.create_index("ix_user_by_name", "user", ["sort_name", "id", "home_id", "away"], unique=False, **KEPT)
    op.create_index("ix_user_by_sign_in", "user", ["last_sign_in", "id", "home_id", "away"], unique=False, **KEPT)
    op.create_index("ix_user_by_status", "user", ["status", "user_type", "id", "home_id", "away"], unique=False)
    op.create_index("ix_user_by_user_name", "user", ["user_name_key", "id", "home_id", "away"], unique=False, **KEPT)
    op.create_index("uq_user_email_key", "user", ["email_key"], unique=True, **KEPT)
    op.create_index("uq_user_user_name_key", "user", ["user_name_key"], unique=True, **KEPT)
    op.create_table(
        "change_set",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("door", sa.String(length=20), nullable=False),
        sa.Column("change", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("selected", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_change_set_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_set")),
    )
    op.create_table(
        "credential",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_credential_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_credential")),
    )
    op.create_table(
        "grant",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("role_key", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_grant_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_grant_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
        sa.UniqueConstraint("user_id", "unit_id", "role_key", name=op.f("uq_grant_user_id_unit_id_role_key")),
    )
    op.create_index("ix_grant_by_unit", "grant", ["unit_id", "user_id", "expires_at"], unique=False)
    op.create_index("ix_grant_by_unit_away", "grant", ["unit_id", "user_id", "expires_at"], unique=False, **AWAY)
    op.create_index("ix_grant_by_user_away", "grant", ["user_id", "unit_id", "expires_at"], unique=False, **AWAY)
    op.create_table(
        "session",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_session_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    op.create_index(op.f("ix_session_user_id"), "session", ["user_id"], unique=False)
    op.create_table(
        "user_search",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_search_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_search")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("change_set_id", ID, nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_audit_event_actor_id")),
        sa.ForeignKeyConstraint(["change_set_id"], ["change_set.id"], name=op.f("fk_audit_event_change_set_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_audit_event_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_audit_event_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_by_change_set", "audit_event", ["change_set_id", "step", "user_id"], unique=False)
    op.create_index("ix_audit_event_by_unit", "audit_event", ["unit_id", "id"], unique=False)
    op.create_index("ix_audit_event_by_user", "audit_event", ["user_id", "id"], unique=False)
    op.create_table(
        "refused_row",
        sa.Column("change_set_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(["change_set_id"], ["change_set.id"], name=op.f("fk_refused_row_change_set_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_refused_row_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("change_set_id", "user_id", name=op.f("pk_refused_row")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("refused_row")
    op.drop_table("audit_event")
    op.drop_table("user_search")
    op.drop_table("session")
    op.drop_table("grant")
    op.drop_table("credential")
    op.drop_table("change_set")
    op.drop_table("user")
    op.drop_table("role")
    op.drop_table("unit")
    op.drop_table("attempt")
