"""A frozen pilot as the database keeps it: its specification, and its data once for all."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from advisor.errors import StoreError
from advisor.store.pilot_statements import as_json, pack, unpack
from advisor.store.pilot_tables import PilotData, PilotRow
from advisor.store.statements import insert_once

if TYPE_CHECKING:
    from advisor.pilot.spec import Frozen


def keep_data(connection: Connection, frozen: Frozen) -> str:
    """Keep cases, documents and recorded outputs, if they are new; return their name."""
    packed = pack(_data(frozen))
    digest = hashlib.sha256(packed).hexdigest()
    insert_once(connection, PilotData, digest=digest, packed=packed)
    return digest


def spec_text(frozen: Frozen) -> str:
    """Return the specification as JSON."""
    return as_json(frozen.spec.model_dump(mode="json", by_alias=True))


def read_frozen(connection: Connection, id: str) -> Frozen:
    """Return the specification of a pilot with its data.

    Raises:
        StoreError: this advisor does not understand it.
    """
    query = select(PilotRow.spec, PilotData.packed).join(PilotData).where(PilotRow.id == id)
    row = connection.execute(query).one()
    try:
        return _frozen(json.loads(row.spec), unpack(row.packed))
    except ValueError:
        raise StoreError(
            "This pilot was written by another version of the advisor and cannot be read."
        ) from None


def _data(frozen: Frozen) -> dict[str, Any]:
    parts = {
        "train": frozen.data.train,
        "test": frozen.data.test,
        "documents": frozen.data.documents,
        "findings": frozen.findings,
    }
    data = {
        name: [one.model_dump(mode="json", exclude_defaults=True) for one in part]
        for name, part in parts.items()
    }
    return data | {"recorded": frozen.recorded}


def _frozen(spec: Any, data: dict[str, Any]) -> Frozen:
    from advisor.pilot.cases import Case, Dataset, Document
    from advisor.pilot.finding import Finding
    from advisor.pilot.spec import Frozen, Spec

    return Frozen(
        spec=Spec.model_validate(spec),
        data=Dataset(
            train=tuple(map(Case.model_validate, data["train"])),
            test=tuple(map(Case.model_validate, data["test"])),
            documents=tuple(map(Document.model_validate, data["documents"])),
        ),
        recorded=tuple((case, output) for case, output in data["recorded"]),
        findings=tuple(map(Finding.model_validate, data["findings"])),
    )
