"""What probes found, kept by the texts of a failure, so that triage can count it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from advisor.core.disk_cache import DiskCache
from advisor.core.settings import settings
from advisor.core.strict import digest
from advisor.pilot.probing.conclude import concluded
from advisor.pilot.probing.probe_records import JudgedBy, ProbedFailure, ProbeResult, counts
from advisor.proposal import Failure

FILE = "probes.sqlite3"
_CACHE = DiskCache(
    FILE,
    "what probes found",
    "probe",
    ("model TEXT NOT NULL", "own INTEGER NOT NULL", "found TEXT NOT NULL", "at TEXT NOT NULL"),
)


class KeptProbe(NamedTuple):
    """One probed failure, and by which model."""

    found: ProbedFailure
    model: str
    own_model: bool
    at: str
    """When it was found, to the microsecond."""


class KeptProbes:
    """The newest finding on each failure; a person's tick replaces what was judged before."""

    def of(self, failures: Sequence[Failure]) -> dict[str, KeptProbe]:
        """Return what is kept about `failures`, by key.

        Raises:
            StoreError: the file is damaged or cannot be read.
        """
        return dict(_readable(_CACHE.get(failure.key for failure in failures)))

    def mark(self, failures: Sequence[Failure]) -> str:
        """Return a name for what is kept about `failures`; another one once something changes."""
        return digest(sorted((key, one.at) for key, one in self.of(failures).items()))

    def keep(self, found: ProbedFailure, model: str, own_model: bool) -> None:
        """Keep a finding in the place of an earlier one on the same failure.

        Raises:
            StoreError: it cannot be written.
        """
        at = datetime.now(UTC).isoformat()
        _CACHE.put({found.key: (model, int(own_model), found.model_dump_json(), at)})

    def tick(self, failure: Failure, place: int, right: bool) -> None:
        """Note what a person says of one answer, and conclude again.

        Args:
            failure: the failure.
            place: which of its tries.
            right: whether the answer is right.

        Raises:
            StoreError: it cannot be written.
        """
        if (known := self.of([failure]).get(failure.key)) is None:
            return
        tries = list(known.found.tries)
        said = {"right": right, "judged_by": JudgedBy.PERSON, "judge": None, "instead": None}
        tries[place] = tries[place].model_copy(update=said)
        self.keep(concluded(failure, tries, known.found.unanswered), known.model, known.own_model)


def result_of(kept: Mapping[str, KeptProbe], failures: Sequence[Failure]) -> ProbeResult | None:
    """Return what is known about `failures` together; None if none of them was probed."""
    probed = tuple(kept[failure.key].found for failure in failures if failure.key in kept)
    if not probed:
        return None
    newest = max(kept.values(), key=lambda one: one.at)
    return ProbeResult(
        model=newest.model,
        own_model=newest.own_model,
        larger=settings().endpoint_larger_model if newest.own_model else None,
        probed=probed,
        counts=counts(probed),
    )


def _readable(rows: Mapping[str, tuple[Any, ...]]) -> Iterator[tuple[str, KeptProbe]]:
    """Yield what is kept; a row that is no finding counts as missing."""
    for key, (model, own, text, at) in rows.items():
        try:
            yield key, KeptProbe(ProbedFailure.model_validate_json(text), model, bool(own), at)
        except ValidationError:
            continue


def kept_probes() -> KeptProbes:
    """Return the probes that the settings' folder holds."""
    return KeptProbes()
