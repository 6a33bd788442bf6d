"""What people said failures are, and what was learned from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables of labels and of learned versions."""
    _labels()
    _learned()
    _uses()


def _labels() -> None:
    op.create_table(
        "label",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("proposal_id", sa.String(40), nullable=False),
        sa.Column("failure_id", sa.Text, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("settles", sa.Boolean, nullable=False),
        sa.Column("texts", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest", "author", name="pk_label"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], "fk_label_proposal_id"),
    )
    op.create_index("ix_label_at", "label", ["at"])


def _learned() -> None:
    op.create_table(
        "learned",
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("labels", sa.Integer, nullable=False),
        sa.Column("base", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("figures", sa.Text, nullable=False),
        sa.Column("layer", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_learned"),
    )
    op.create_index("ix_learned_key", "learned", ["author", "key"], unique=True)


def _uses() -> None:
    op.create_table(
        "learned_use",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_learned_use"),
    )
    op.create_index("ix_learned_use_key", "learned_use", ["author", "key"], unique=True)
