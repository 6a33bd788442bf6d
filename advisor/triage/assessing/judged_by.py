"""What an assessment rests on beside the version that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from advisor.proposal import Failure

if TYPE_CHECKING:  # a server starts without what reads failures
    from advisor.triage.recommend import Tools


def judged_by(kit: Tools, failures: Sequence[Failure]) -> tuple[str, ...]:
    """Return fingerprints of rules, classifier with its opinions, reader, and kept probes.

    While none of them changes, a version is judged the same.
    """
    from advisor.failures.second_opinion.weight import advised
    from advisor.pilot.probing.probe_cache import kept_probes

    read = advised(kit.classifier, failures).fingerprint
    return (kit.book.fingerprint, read, kit.reader.fingerprint, kept_probes().mark(failures))
