"""What Alembic runs for every plugin: the connection and the version table come from `hooks.migrations`."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table=context.config.attributes["version_table"],
    render_as_batch=True,
)

with context.begin_transaction():
    context.run_migrations()
