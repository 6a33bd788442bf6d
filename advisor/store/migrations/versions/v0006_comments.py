"""Comments on proposals under review, and what people preferred in the blind comparison."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def _column(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    """Create the tables of comments and of blind ratings."""
    op.create_table(
        "review_comment",
        _column("id", sa.String(40)),
        _column("proposal_id", sa.String(40)),
        _column("version", sa.Integer),
        _column("actor", sa.String(200)),
        _column("text", sa.Text),
        _column("at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_review_comment"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], "fk_review_comment_proposal_id"),
    )
    op.create_index("ix_review_comment_proposal", "review_comment", ["proposal_id", "at"])
    op.create_table(
        "blind_rating",
        _column("pilot_id", sa.String(40)),
        _column("person", sa.String(200)),
        _column("case_id", sa.String(200)),
        _column("preferred", sa.String(40)),
        _column("at", _TIME),
        sa.PrimaryKeyConstraint("pilot_id", "person", "case_id", name="pk_blind_rating"),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], "fk_blind_rating_pilot_id"),
    )
