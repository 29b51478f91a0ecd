"""Where Alembic finds the environment in which the revisions of plugins run."""
