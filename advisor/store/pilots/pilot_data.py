"""A frozen pilot as the database keeps it: its specification, and its data once for all."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from advisor.domain.frozen_pilot import case_data, frozen_of, spec_data
from advisor.errors import StoreError
from advisor.store.database.statements import insert_once
from advisor.store.pilots.pilot_statements import as_json, pack, unpack
from advisor.store.tables.pilots import PilotData, PilotRow

if TYPE_CHECKING:
    from advisor.domain.frozen_pilot import Frozen


def keep_data(connection: Connection, frozen: Frozen) -> str:
    """Keep cases, documents and recorded outputs, if they are new; return their name."""
    packed = pack(case_data(frozen))
    digest = hashlib.sha256(packed).hexdigest()
    insert_once(connection, PilotData, digest=digest, packed=packed)
    return digest


def spec_text(frozen: Frozen) -> str:
    """Return the specification as JSON."""
    return as_json(spec_data(frozen))


def read_frozen(connection: Connection, id: str) -> Frozen:
    """Return the specification of a pilot with its data.

    Raises:
        StoreError: this advisor does not understand it.
    """
    query = select(PilotRow.spec, PilotData.packed).join(PilotData).where(PilotRow.id == id)
    row = connection.execute(query).one()
    try:
        return frozen_of(json.loads(row.spec), unpack(row.packed))
    except ValueError:
        raise StoreError(
            "This pilot was written by another version of the advisor and cannot be read."
        ) from None
