"""What a probe found, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from advisor.pilot.probing.model import CHANGES, Change, Count, ProbeResult
from advisor.wording import CAUSES, REMEDIES, counted, listing, percent

LEADS = 0.5
"""Share of the failures from which on a cause is named as the main one."""


def headline(result: ProbeResult) -> str:
    """Say what the probe points to, in one or two sentences."""
    causes = Counter(one.cause for one in result.probed if one.cause)
    total = len(result.probed)
    if not total:
        return "No failure could be asked again: each needs an input and a wanted answer."
    if not causes:
        return (
            f"Nothing that was tried mended any of {counted(total, 'failure')}. A pilot can tell "
            "whether training would, or whether it is beyond this model."
        )
    (cause, most), *_ = causes.most_common()
    share = f"{counted(most, 'failure')} of {total} ({percent(most / total)})"
    leads = "Mainly" if most / total >= LEADS else "Most often"
    remedies = Counter(
        one.remedy for one in result.probed if one.cause is cause and one.remedy
    ).most_common(1)
    helps = f" What mended them: {REMEDIES[remedies[0][0]]}." if remedies else ""
    return f"{leads} {CAUSES[cause]}: {share} point to it.{helps}"


def doubts(result: ProbeResult) -> Iterator[str]:
    """Yield what to bear in mind."""
    if not result.own_model:
        yield (
            f"Asked was {result.model}, a small model on this machine, not yours. What it cannot "
            "do, yours may; so this counts half. Set ADVISOR_ENDPOINT_URL to ask your own."
        )
    if result.own_model and result.larger is None:
        yield "No larger model was asked. ADVISOR_ENDPOINT_LARGER_MODEL names one."
    if not any(one.change is Change.FACT for one in result.counts):
        yield "No failure lacked a fact that could be supplied."
    if result.skipped:
        why = Counter(one.why for one in result.skipped)
        parts = [f"{counted(many, 'time')} {reason}" for reason, many in sorted(why.items())]
        yield f"{counted(len(result.skipped), 'failure')} could not be asked: {listing(parts)}."


def line_of(count: Count) -> str:
    """Return one change with what it mended: `Said plainly: 7 of 12 came out right`."""
    return f"{CHANGES[count.change].title}: {count.right} of {count.tried} came out right"
