"""Run by Alembic: migrates over the connection that `upgrade` hands it."""

from __future__ import annotations

from alembic import context

from advisor.store.tables import pilots, review, trail  # noqa: F401  # all tables are known
from advisor.store.tables.proposals import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,  # ours holds all steps: all of them happen, or none
    render_as_batch=True,
)
context.run_migrations()
