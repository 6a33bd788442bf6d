"""Pilots, what they found, who works on them, and prices."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def _column(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **more)


def upgrade() -> None:
    """Create the tables of pilots, workers and prices."""
    _pilots()
    _asks()
    _runs()
    _of_runs()
    _lines()
    _verdicts()
    _workers()
    _prices()


def _pilots() -> None:
    op.create_table(
        "pilot_data",
        _column("digest", sa.String(64)),
        _column("packed", sa.LargeBinary),
        sa.PrimaryKeyConstraint("digest", name="pk_pilot_data"),
    )
    op.create_table(
        "pilot",
        _column("id", sa.String(40)),
        _column("author", sa.String(200)),
        _column("key", sa.String(200)),
        sa.Column("proposal_id", sa.String(40)),
        _column("title", sa.Text),
        _column("hash", sa.String(64)),
        _column("spec", sa.Text),
        _column("data", sa.String(64)),
        _column("state", sa.String(20)),
        _column("asked", sa.String(20)),
        _column("why", sa.Text),
        _column("created_at", _TIME),
        _column("queued_at", _TIME),
        sa.Column("started_at", _TIME),
        sa.Column("finished_at", _TIME),
        _column("needs_gpu", sa.Boolean),
        _column("needs_memory", sa.Double),
        sa.Column("worker", sa.String(40)),
        _column("claim", sa.Integer),
        _column("deaths", sa.Integer),
        _column("spent", sa.Double),
        _column("progress", sa.Text),
        sa.Column("outcome", sa.String(40)),
        sa.Column("result", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_pilot"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], "fk_pilot_proposal_id"),
        sa.ForeignKeyConstraint(["data"], ["pilot_data.digest"], "fk_pilot_data"),
    )
    op.create_index("ix_pilot_key", "pilot", ["author", "key"], unique=True)
    op.create_index("ix_pilot_state", "pilot", ["state", "queued_at"])
    op.create_index("ix_pilot_created", "pilot", ["created_at", "id"])
    op.create_index("ix_pilot_proposal", "pilot", ["proposal_id", "created_at"])


def _asks() -> None:
    op.create_table(
        "pilot_ask",
        _column("author", sa.String(200)),
        _column("key", sa.String(200)),
        _column("pilot_id", sa.String(40)),
        _column("what", sa.String(20)),
        _column("at", _TIME),
        sa.PrimaryKeyConstraint("author", "key", name="pk_pilot_ask"),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], "fk_pilot_ask_pilot_id"),
    )


def _runs() -> None:
    op.create_table(
        "pilot_run",
        _column("pilot_id", sa.String(40)),
        _column("key", sa.String(100)),
        _column("place", sa.Integer),
        _column("record", sa.Text),
        sa.PrimaryKeyConstraint("pilot_id", "key", name="pk_pilot_run"),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], "fk_pilot_run_pilot_id"),
    )


def _of_runs() -> None:
    _of_run(
        "pilot_answers",
        [_column("block", sa.Integer, autoincrement=False), _column("packed", sa.LargeBinary)],
        ["block"],
    )
    _of_run(
        "pilot_artifact",
        [
            _column("name", sa.String(200)),
            _column("part", sa.Integer, autoincrement=False),
            _column("content", sa.LargeBinary),
        ],
        ["name", "part"],
    )


def _of_run(table: str, columns: list[sa.Column[Any]], keys: list[str]) -> None:
    op.create_table(
        table,
        _column("pilot_id", sa.String(40)),
        _column("key", sa.String(100)),
        *columns,
        sa.PrimaryKeyConstraint("pilot_id", "key", *keys, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["pilot_id", "key"], ["pilot_run.pilot_id", "pilot_run.key"], f"fk_{table}_pilot_id"
        ),
    )


def _lines() -> None:
    op.create_table(
        "pilot_line",
        _column("pilot_id", sa.String(40)),
        _column("number", sa.Integer, autoincrement=False),
        _column("at", _TIME),
        _column("text", sa.Text),
        sa.PrimaryKeyConstraint("pilot_id", "number", name="pk_pilot_line"),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], "fk_pilot_line_pilot_id"),
    )


def _verdicts() -> None:
    op.create_table(
        "pilot_verdict",
        _column("proposal_id", sa.String(40)),
        _column("pilot_id", sa.String(40)),
        _column("outcome", sa.String(40)),
        _column("because", sa.Text),
        _column("at", _TIME),
        sa.PrimaryKeyConstraint("proposal_id", "pilot_id", name="pk_pilot_verdict"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], "fk_pilot_verdict_proposal_id"),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], "fk_pilot_verdict_pilot_id"),
    )


def _workers() -> None:
    op.create_table(
        "worker",
        _column("id", sa.String(40)),
        _column("host", sa.String(200)),
        _column("pid", sa.Integer),
        _column("what", sa.Text),
        _column("gpu", sa.Boolean),
        _column("memory", sa.Double),
        _column("started_at", _TIME),
        _column("seen_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_worker"),
    )


def _prices() -> None:
    op.create_table(
        "price",
        _column("name", sa.String(100)),
        _column("amount", sa.Double),
        _column("author", sa.String(200)),
        _column("at", _TIME),
        sa.PrimaryKeyConstraint("name", name="pk_price"),
    )
