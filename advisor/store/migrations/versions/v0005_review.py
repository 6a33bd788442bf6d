"""People and their roles, where proposals stand, decisions with their conditions, approvals."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def _column(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **more)


def upgrade() -> None:
    """Create the tables of review."""
    _people()
    _reviews()
    _decisions()
    _approvals()


def _people() -> None:
    op.create_table(
        "person",
        _column("id", sa.String(40)),
        _column("name", sa.String(200)),
        sa.Column("email", sa.String(254)),
        _column("created_at", _TIME),
        sa.Column("erased_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_index("ix_person_email", "person", ["email"], unique=True)
    op.create_table(
        "person_role",
        _column("person_id", sa.String(40)),
        _column("role", sa.String(20)),
        _column("given_by", sa.String(200)),
        _column("at", _TIME),
        sa.PrimaryKeyConstraint("person_id", "role", name="pk_person_role"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], "fk_person_role_person_id"),
    )
    op.create_index("ix_person_role_role", "person_role", ["role"])


def _reviews() -> None:
    op.create_table(
        "review_key",
        _column("actor", sa.String(200)),
        _column("key", sa.String(200)),
        _column("what", sa.String(64)),
        _column("result", sa.String(40)),
        sa.PrimaryKeyConstraint("actor", "key", name="pk_review_key"),
    )
    op.create_table(
        "review",
        _column("proposal_id", sa.String(40)),
        _column("state", sa.String(20)),
        _column("version", sa.Integer),
        _column("content", sa.String(64)),
        _column("tier", sa.String(20)),
        _column("since", _TIME),
        sa.Column("pilot", sa.String(40)),
        sa.Column("evidence", sa.Text),
        sa.PrimaryKeyConstraint("proposal_id", name="pk_review"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], "fk_review_proposal_id"),
        sa.ForeignKeyConstraint(["pilot"], ["pilot.id"], "fk_review_pilot"),
    )
    op.create_index("ix_review_state", "review", ["state", "since"])


def _decisions() -> None:
    op.create_table(
        "decision",
        _column("id", sa.String(40)),
        _column("proposal_id", sa.String(40)),
        _column("place", sa.Integer),
        _column("version", sa.Integer),
        _column("content", sa.String(64)),
        _column("action", sa.String(20)),
        _column("actor", sa.String(200)),
        _column("role", sa.String(20)),
        _column("source", sa.String(20)),
        _column("target", sa.String(20)),
        _column("tier", sa.String(20)),
        _column("reason", sa.Text),
        _column("detail", sa.Text),
        _column("rules", sa.String(64)),
        _column("at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], "fk_decision_proposal_id"),
    )
    op.create_index("ix_decision_proposal", "decision", ["proposal_id", "place"], unique=True)
    op.create_index("ix_decision_action", "decision", ["action", "at"])
    op.create_table(
        "decision_condition",
        _column("decision_id", sa.String(40)),
        _column("place", sa.Integer, autoincrement=False),
        _column("what", sa.Text),
        _column("owner", sa.String(40)),
        _column("due", sa.Date),
        sa.Column("met_by", sa.String(200)),
        sa.Column("met_at", _TIME),
        sa.PrimaryKeyConstraint("decision_id", "place", name="pk_decision_condition"),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], "fk_decision_condition_decision_id"
        ),
        sa.ForeignKeyConstraint(["owner"], ["person.id"], "fk_decision_condition_owner"),
    )
    op.create_index("ix_decision_condition_owner", "decision_condition", ["owner", "due"])


def _approvals() -> None:
    op.create_table(
        "lease",
        _column("decision_id", sa.String(40)),
        _column("proposal_id", sa.String(40)),
        _column("kind", sa.String(20)),
        _column("granted_at", _TIME),
        _column("expires_at", _TIME),
        _column("override", sa.Boolean),
        sa.Column("minutes", sa.Double),
        sa.Column("compute", sa.Double),
        _column("baseline", sa.Text),
        sa.Column("ended_at", _TIME),
        _column("ended_why", sa.Text),
        sa.PrimaryKeyConstraint("decision_id", name="pk_lease"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], "fk_lease_decision_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], "fk_lease_proposal_id"),
    )
    op.create_index("ix_lease_proposal", "lease", ["proposal_id", "granted_at"])
    op.create_index("ix_lease_expires", "lease", ["expires_at"])
    op.create_table(
        "notice",
        _column("id", sa.String(40)),
        _column("kind", sa.String(20)),
        _column("subject", sa.String(500)),
        _column("note", sa.Text),
        _column("actor", sa.String(200)),
        _column("at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
    )
    op.create_index("ix_notice_subject", "notice", ["subject", "at"])
