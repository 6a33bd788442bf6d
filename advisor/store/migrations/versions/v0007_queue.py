"""What the queue filters by, and the outbox of what is to be told."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def _column(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **more)


def upgrade() -> None:
    """Add what the queue filters by, and create the outbox."""
    for name in ("against", "stale", "agreed_risk"):
        op.add_column("review", _column(name, sa.Boolean, server_default=sa.false()))
    op.add_column("review", _column("agreed", sa.Integer, server_default="0"))
    op.add_column("review", _column("asked", sa.String(20), server_default=""))
    op.create_index("ix_version_author", "version", ["author", "proposal_id"])
    op.create_index("ix_decision_actor", "decision", ["actor", "proposal_id"])
    looks = sa.text("action = 'view_dossier'")
    op.create_index(
        "ix_trail_looks",
        "trail",
        ["actor", "proposal", "seq"],
        sqlite_where=looks,
        postgresql_where=looks,
    )
    _outbox()


def _outbox() -> None:
    op.create_table(
        "outbox",
        _column("id", sa.String(64)),
        _column("channel", sa.String(20)),
        _column("person", sa.String(40)),
        _column("kind", sa.String(40)),
        _column("proposal_id", sa.String(40)),
        _column("detail", sa.Text),
        _column("created_at", _TIME),
        _column("next_at", _TIME),
        _column("tries", sa.Integer),
        sa.Column("sent_at", _TIME),
        sa.Column("given_up_at", _TIME),
        _column("problem", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_next", "outbox", ["sent_at", "given_up_at", "next_at"])
    op.create_index("ix_outbox_given_up", "outbox", ["given_up_at"])
