"""Run by Alembic: migrates over the connection that `upgrade` hands it."""

from __future__ import annotations

from alembic import context

import advisor.store.comment_tables  # every table stands in the metadata
import advisor.store.queue_tables  # noqa: F401
from advisor.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,  # ours holds all steps: all of them happen, or none
    render_as_batch=True,
)
context.run_migrations()
