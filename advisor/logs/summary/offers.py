"""What can be made of a summary: a proposal, and tables to take away."""

from __future__ import annotations

import csv
import io

from advisor.importing import neutralise
from advisor.logs.summary.summary_record import LogExample, LogSummary
from advisor.proposal import Draft
from advisor.vocabulary import CAUSE_OF

PROPOSED = 200
"""Failures that a proposal takes; more would make its answer no surer."""


def proposed(summary: LogSummary) -> tuple[LogExample, ...]:
    """Return failures from the whole length of the sample, evenly spaced, at most `PROPOSED`."""
    sample = summary.sample
    if len(sample) <= PROPOSED:
        return sample
    return tuple(sample[place * len(sample) // PROPOSED] for place in range(PROPOSED))


def draft_of(summary: LogSummary) -> Draft:
    """Return a proposal with failures of the log, for triage to go on from.

    It repeats none of the figures: triage reads these failures itself, and would count them twice.
    """
    chosen = proposed(summary)
    return Draft(
        title=f"Failures in {summary.about.file}",
        description=f"{len(chosen):,} failures drawn at random from a log.",
        failures=tuple(item.failure for item in chosen),
    )


def proposal_key(summary: LogSummary) -> str:
    """Return the idempotency key: one summary makes one proposal a person."""
    return f"log-{summary.id}"


def figures_csv(summary: LogSummary) -> str:
    """Return the mix as CSV: one row a mode, shares from 0 to 1."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(["mode", "cause", "share", "low", "high", "read", "unsure"])
    for one in summary.modes:
        share = one.share
        row = [one.mode, CAUSE_OF[one.mode], share.mid, share.low, share.high, one.read, one.unsure]
        writer.writerow([neutralise(str(cell)) for cell in row])
    return buffer.getvalue()
