"""Proposals, their versions and failures, and receipts of writes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_SORTED = sa.String(500).with_variant(sa.String(500, collation="C"), "postgresql")
_SHOWN = sa.text("archived_at IS NULL")
_INDICES = {
    "ix_proposal_updated": ["updated_at", "id"],
    "ix_proposal_created": ["created_at", "id"],
    "ix_proposal_title": ["title_folded", "id"],
    "ix_proposal_author": ["author", "updated_at", "id"],
    "ix_proposal_recommendation": ["recommendation", "updated_at", "id"],
}


def upgrade() -> None:
    """Create the first tables."""
    _proposals()
    _versions()
    _receipts()


def _proposals() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("archived_at", _TIME),
        sa.Column("latest", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("title_folded", _SORTED, nullable=False),
        sa.Column("recommendation", sa.String(100)),
        sa.Column("confidence", sa.Double),
        sa.Column("abstained", sa.Boolean),
        sa.Column("assessed_version", sa.Integer),
        sa.Column("fingerprints", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
    )
    for name, columns in _INDICES.items():
        op.create_index(name, "proposal", columns, sqlite_where=_SHOWN, postgresql_where=_SHOWN)


def _versions() -> None:
    op.create_table(
        "failure_set",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_failure_set"),
    )
    op.create_table(
        "version",
        sa.Column("proposal_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("failures", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", "version", name="pk_version"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], "fk_version_proposal_id"),
        sa.ForeignKeyConstraint(["failures"], ["failure_set.digest"], "fk_version_failures"),
    )
    op.create_index("ix_version_fingerprint", "version", ["fingerprint"])


def _receipts() -> None:
    op.create_table(
        "receipt",
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("proposal_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("author", "key", name="pk_receipt"),
        sa.ForeignKeyConstraint(
            ["proposal_id", "version"],
            ["version.proposal_id", "version.version"],
            "fk_receipt_proposal_id",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
