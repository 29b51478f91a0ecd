"""A trigram index to search users by, and an audit log that nobody rewrites."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

POSTGRESQL_UP = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_user_search_trigrams ON user_search USING gin (document gin_trgm_ops)",
    """
    CREATE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$
    """,
    """
    CREATE TRIGGER audit_event_stays BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_stays()
    """,
)
POSTGRESQL_DOWN = (
    "DROP TRIGGER audit_event_stays ON audit_event",
    "DROP FUNCTION audit_event_stays()",
    "DROP INDEX ix_user_search_trigrams",
)
SQLITE_UP = (
    """
    CREATE VIRTUAL TABLE user_search_fts USING fts5(
        document, content='user_search', content_rowid='user_id', tokenize='trigram'
    )
    """,
    "INSERT INTO user_search_fts (user_search_fts) VALUES ('rebuild')",
    """
    CREATE TRIGGER user_search_added AFTER INSERT ON user_search BEGIN
        INSERT INTO user_search_fts (rowid, document) VALUES (new.user_id, new.document);
    END
    """,
    """
    CREATE TRIGGER user_search_removed AFTER DELETE ON user_search BEGIN
        INSERT INTO user_search_fts (user_search_fts, rowid, document) VALUES ('delete', old.user_id, old.document);
    END
    """,
    """
    CREATE TRIGGER user_search_changed AFTER UPDATE ON user_search BEGIN
        INSERT INTO user_search_fts (user_search_fts, rowid, document) VALUES ('delete', old.user_id, old.document);
        INSERT INTO user_search_fts (rowid, document) VALUES (new.user_id, new.document);
    END
    """,
    """
    CREATE TRIGGER audit_event_is_not_changed BEFORE UPDATE ON audit_event BEGIN
        SELECT RAISE(ABORT, 'the audit log is append-only');
    END
    """,
    """
    CREATE TRIGGER audit_event_is_not_deleted BEFORE DELETE ON audit_event BEGIN
        SELECT RAISE(ABORT, 'the audit log is append-only');
    END
    """,
)
SQLITE_DOWN = (
    "DROP TRIGGER audit_event_is_not_deleted",
    "DROP TRIGGER audit_event_is_not_changed",
    "DROP TRIGGER user_search_changed",
    "DROP TRIGGER user_search_removed",
    "DROP TRIGGER user_search_added",
    "DROP TABLE user_search_fts",
)


def upgrade() -> None:
    """Make it so."""
    _run(POSTGRESQL_UP, SQLITE_UP)


def downgrade() -> None:
    """Take it back."""
    _run(POSTGRESQL_DOWN, SQLITE_DOWN)


def _run(on_postgresql: tuple[str, ...], on_sqlite: tuple[str, ...]) -> None:
    for statement in on_postgresql if op.get_bind().dialect.name == "postgresql" else on_sqlite:
        op.execute(statement)
