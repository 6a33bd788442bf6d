"""A frozen pilot as plain data, to be kept in a database or handed to another process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from advisor.domain.cases import Case, Dataset, Document
from advisor.domain.pilot_finding import Finding
from advisor.domain.pilot_spec import Frozen, Spec


def spec_data(frozen: Frozen) -> dict[str, Any]:
    """Return the specification as plain data."""
    return frozen.spec.model_dump(mode="json", by_alias=True)


def case_data(frozen: Frozen) -> dict[str, Any]:
    """Return cases, documents, recorded outputs and findings as plain data."""
    parts = {
        "train": frozen.data.train,
        "test": frozen.data.test,
        "documents": frozen.data.documents,
        "findings": frozen.findings,
    }
    data: dict[str, Any] = {
        name: [one.model_dump(mode="json", exclude_defaults=True) for one in part]
        for name, part in parts.items()
    }
    return data | {"recorded": [list(pair) for pair in frozen.recorded]}


def frozen_of(spec: Any, data: dict[str, Any]) -> Frozen:
    """Return the pilot that both were made of.

    Raises:
        ValueError: they were made by another version of the advisor.
    """
    try:
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
    except KeyError as error:
        raise ValueError(f"lacks {error}") from None


def write_frozen(frozen: Frozen, file: Path) -> None:
    """Write a pilot for another process to read."""
    file.write_text(json.dumps([spec_data(frozen), case_data(frozen)]), "utf-8")


def read_frozen(file: Path) -> Frozen:
    """Return the pilot that was written.

    Raises:
        ValueError: another version of the advisor wrote it.
    """
    spec, data = json.loads(file.read_text("utf-8"))
    return frozen_of(spec, data)
