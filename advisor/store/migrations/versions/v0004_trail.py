"""The audit trail, and triggers that refuse every change to it but the next row.

Whoever may drop a trigger can still change rows; then the hashes tell.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_REFUSED = "the audit trail takes new rows at its end and nothing else"
_NOT_NEXT = """
    NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM trail)
    OR NEW.prev <> coalesce((SELECT hash FROM trail ORDER BY seq DESC LIMIT 1), :start)
""".replace(":start", f"'{'0' * 64}'")
# Replacing a row in SQLite (INSERT OR REPLACE) runs no trigger on deletion, hence the one on insert
_SQLITE = (
    f"""CREATE TRIGGER trail_insert BEFORE INSERT ON trail WHEN {_NOT_NEXT}
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    f"""CREATE TRIGGER trail_update BEFORE UPDATE ON trail
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    f"""CREATE TRIGGER trail_delete BEFORE DELETE ON trail
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
)
_POSTGRESQL = (
    f"""CREATE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$""",
    f"""CREATE FUNCTION trail_next() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {_NOT_NEXT} THEN RAISE EXCEPTION '{_REFUSED}'; END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER trail_insert BEFORE INSERT ON trail
    FOR EACH ROW EXECUTE FUNCTION trail_next()""",
    """CREATE TRIGGER trail_change BEFORE UPDATE OR DELETE OR TRUNCATE ON trail
    FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse()""",
    # they run in a session that replays another server's rows, too
    "ALTER TABLE trail ENABLE ALWAYS TRIGGER trail_insert",
    "ALTER TABLE trail ENABLE ALWAYS TRIGGER trail_change",
)
_TRIGGERS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def upgrade() -> None:
    """Create the trail and its triggers."""
    op.create_table(
        "trail",
        _column("seq", sa.Integer, autoincrement=False),
        _column("at", sa.String(32)),
        _column("actor", sa.String(200)),
        _column("role", sa.String(40)),
        _column("action", sa.String(60)),
        sa.Column("proposal", sa.String(40)),
        sa.Column("version", sa.Integer),
        sa.Column("content", sa.String(64)),
        sa.Column("rules", sa.String(64)),
        _column("detail", sa.Text),
        _column("prev", sa.String(64)),
        _column("hash", sa.String(64)),
        sa.PrimaryKeyConstraint("seq", name="pk_trail"),
    )
    op.create_index("ix_trail_proposal", "trail", ["proposal", "seq"])
    op.create_index("ix_trail_actor", "trail", ["actor", "seq"])
    for statement in _TRIGGERS[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def _column(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **more)
