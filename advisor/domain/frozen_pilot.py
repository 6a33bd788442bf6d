"""A pilot as it is run: specification and data that can change no more, also as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from advisor.core.strict import digest
from advisor.domain.cases import Case, Dataset, Document
from advisor.domain.pilot_result import Finding
from advisor.domain.pilot_spec import ENOUGH, FEW, MANY, Spec


@dataclass(frozen=True)
class Frozen:
    """A specification with its data; nothing of it can change any more."""

    spec: Spec
    data: Dataset
    recorded: tuple[tuple[str, str], ...] = ()
    """Outputs of the system that runs today: (case id, output)."""
    findings: tuple[Finding, ...] = ()
    """What was noticed while the files were read: rows left out, copies removed."""

    @property
    def margin(self) -> float:
        """The smallest difference that matters: as given, or by the number of test cases."""
        return self.spec.margin or (MANY if len(self.data.test) >= ENOUGH else FEW)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of everything that decides the outcome, 64 hexadecimal digits."""
        spec = self.spec.model_dump(mode="json", by_alias=True, exclude={"data"})
        return digest([spec | {"margin": self.margin}, self.data.fingerprint, self.recorded])


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
