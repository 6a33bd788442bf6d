"""What a probe found, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from advisor.pilot.probing.conclude import MENDS
from advisor.pilot.probing.probe_records import (
    CHANGE_WORDS,
    JUDGE_WORDS,
    NO_JUDGE_WORDS,
    Count,
    Intervention,
    ProbedFailure,
    ProbeResult,
    ProbeTry,
)
from advisor.presentation.wording import CAUSES, counted, listing
from advisor.vocabulary import Cause

LEADS = 0.5
"""Share of the failures from which on a cause is named as the main one."""


_NEXT = {
    True: "A pilot can tell whether training would mend them, or whether a larger model is needed.",
    False: "A small model was asked, so this says little about yours: ask that one.",
}
"""What to do where no cause was found, by whether the team's own model was asked."""


def headline(result: ProbeResult) -> str:
    """Say what the probe points to, in two or three sentences."""
    total = len(result.probed)
    if not total:
        return "No failure could be asked again: each needs an input and a wanted answer."
    causes = Counter(failure.cause for failure in result.probed if failure.cause)
    leads = "No cause found"
    if causes:
        (cause, most), *_ = causes.most_common()
        leads = f"Mainly {CAUSES[cause]}" if most / total >= LEADS else "No main cause"
    said = listing([*_parts(result, causes)])
    if not causes:
        return f"{leads}: of {counted(total, 'failure')}, {said}. {_NEXT[result.own_model]}"
    mended = Counter(
        MENDS[failure.finding] for failure in result.probed if failure.finding in MENDS
    )
    helps = f" What mended most: {mended.most_common(1)[0][0]}." if mended else ""
    return f"{leads}: of {counted(total, 'failure')}, {said}.{helps}"


def _parts(result: ProbeResult, causes: Counter[Cause]) -> Iterator[str]:
    """Yield how many failures point to each cause, and what became of the rest."""
    for cause, many in causes.most_common():
        yield f"{many} {'points' if many == 1 else 'point'} to {CAUSES[cause]}"
    gone = sum(failure.finding == "gone" for failure in result.probed)
    if gone:
        yield f"{gone} came out right unchanged"
    if left := len(result.probed) - causes.total() - gone:
        yield f"{left} {'was' if left == 1 else 'were'} not mended by anything"


def why(found: ProbedFailure, own_model: bool) -> str:
    """Say why a failure has its cause, or none."""
    if found.finding == "nothing" and not own_model:
        return "Nothing that was tried mends it on this small model; that says nothing about yours."
    return found.why


def judged_by(found: ProbedFailure) -> str:
    """Name what decided whether the answers to one failure are right: `judge model`."""
    ways = [by for by in JUDGE_WORDS if any(attempt.judged_by is by for attempt in found.tries)]
    return listing(JUDGE_WORDS[by].title for by in ways)


def decided(one: ProbeTry) -> str:
    """Say what decided whether one answer is right."""
    if one.judged_by is None:
        return "nothing could decide"
    ways = JUDGE_WORDS[one.judged_by]
    name = f" {one.judge}" if one.judge else ""
    instead = (
        f", as the judge model has no say: {NO_JUDGE_WORDS[one.instead]}" if one.instead else ""
    )
    return f"judged by {ways.title}{name}{instead}"


def doubts(result: ProbeResult) -> Iterator[str]:
    """Yield what to bear in mind."""
    yield from _of_the_model(result)
    yield from _of_the_judge(result)
    tried = {count.change for count in result.counts}
    if Intervention.FACT not in tried:
        yield "No failure lacked a fact that could be supplied."
    elif result.documents is False:
        yield (
            "The missing facts were taken from the wanted answers, so the model may just have "
            "repeated them. --documents FOLDER takes them from your own texts."
        )
    if silent := [failure for failure in result.probed if failure.unanswered]:
        yield f"{counted(len(silent), 'failure')} got fewer answers: {silent[0].unanswered}."
    if result.skipped:
        reasons = Counter(skipped.why for skipped in result.skipped)
        parts = [f"{counted(many, 'time')} {reason}" for reason, many in sorted(reasons.items())]
        yield f"{counted(len(result.skipped), 'failure')} could not be asked: {listing(parts)}."


def _of_the_model(result: ProbeResult) -> Iterator[str]:
    if not result.own_model:
        yield (
            f"{result.model} is a small model on this machine that stands in for yours. It knows "
            "and follows far less: what mended a failure here counts half, and a failure that "
            "nothing mended does not count. ADVISOR_ENDPOINT_URL and ADVISOR_ENDPOINT_MODEL "
            "name your own."
        )
    elif result.larger is None:
        yield "No larger model was asked. ADVISOR_ENDPOINT_LARGER_MODEL names one."


def _of_the_judge(result: ProbeResult) -> Iterator[str]:
    asked = {change: result.model for change in Intervention} | {Intervention.LARGER: result.larger}
    tries = [attempt for found in result.probed for attempt in found.tries]
    judged = [attempt for attempt in tries if attempt.judge]
    if own := [one for one in judged if one.judge == asked[one.change]]:
        yield (
            f"{own[0].judge} judged {len(own)} of these {counted(len(judged), 'answer')} although "
            "they are its own. Models are kind to themselves: look at some on the screen Probe, "
            "where you can tick what is right."
        )
    if instead := Counter(attempt.instead for attempt in tries if attempt.instead):
        parts = [f"{NO_JUDGE_WORDS[one]} ({many})" for one, many in sorted(instead.items())]
        said = f" {result.judge_refused}." if result.judge_refused else ""
        yield (
            f"The judge model had no say on {counted(instead.total(), 'answer')}, so closeness "
            f"decided: {listing(parts)}.{said}"
        )


def line_of(count: Count) -> str:
    """Return one change with what it mended: `Said plainly: 7 of 12 came out right`."""
    return f"{CHANGE_WORDS[count.change].title}: {count.right} of {count.tried} came out right"
