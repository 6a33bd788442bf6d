"""Whom a provider of identities means: the subject that a person signs in as."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the subject to people."""
    op.add_column("person", sa.Column("subject", sa.String(64)))
    op.create_index("ix_person_subject", "person", ["subject"], unique=True)
