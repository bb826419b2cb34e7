"""Run by Alembic inside `storage.database.migrate`, which hands over the connection and holds the lock."""

from __future__ import annotations

from alembic import context

from rewrapped.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
