"""Parts of the evidence without a result yet, and what each of them blocks."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.pilot.probing.probe_records import ProbeResult
from advisor.review.dossier.dossier_record import FailureModeShare, Gap, Trial

_ADOPTION = "adoption, unless the risk role overrides"


def gaps(
    found: tuple[FailureModeShare, ...], probe: ProbeResult | None, trial: Trial | None
) -> Iterator[Gap]:
    """Yield what has no result yet."""
    if not found:
        yield Gap("No failure is shown", "the pilot, unless the risk role overrides")
    if probe is None:
        yield Gap(
            "No probe was run",
            "nothing; but why it fails rests on reading the failures alone",
        )
    if trial is None:
        yield Gap("No pilot has a result yet", _ADOPTION)
    else:
        yield from _of(trial)
    yield Gap(
        "The training data has no check of its own yet",
        "nothing by itself; rights, personal data and labels rest on the owner's word",
    )


def _of(trial: Trial) -> Iterator[Gap]:
    if not trial.handed_in:
        yield Gap("The pilot's result is not handed in for this version", _ADOPTION)
    if trial.tuned is None:
        yield Gap("The pilot did not try fine-tuning", _ADOPTION)
        return
    if not trial.regressions:
        yield Gap(
            "Other skills and refusals after training were not checked",
            "a plain yes to that question of the checklist for adoption",
        )
    if trial.worst is None:
        yield Gap(
            "The pilot's cases name no groups",
            "a plain yes to the question about the worst group, from tier medium on",
        )
