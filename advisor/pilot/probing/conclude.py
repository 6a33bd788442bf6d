"""From what mended a failure to its cause: the first conclusion that holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from advisor.pilot.probing.probe_records import Intervention, ProbedFailure, ProbeTry
from advisor.proposal import Failure
from advisor.vocabulary import Cause, Remedy

Outcome = Callable[[Intervention], bool | None]
OFTEN = 0.75
"""Share of the repetitions from which on a failure counts as gone by itself."""


@dataclass(frozen=True)
class _Conclusion:
    id: str
    holds: Callable[[Sequence[ProbeTry], Outcome], bool]
    why: str
    cause: Cause | None = None
    remedy: Remedy | None = None
    mends: str = ""
    """What mended it, in a few words."""


def _share_right(tries: Sequence[ProbeTry]) -> float:
    again = [
        attempt.right
        for attempt in tries
        if attempt.change is Intervention.AS_IT_WAS and attempt.right is not None
    ]
    return sum(again) / len(again) if again else 0.0


def _only(change: Intervention) -> Callable[[Sequence[ProbeTry], Outcome], bool]:
    return lambda _, mended: mended(change) is True


_CONCLUSIONS = (
    _Conclusion("unanswered", lambda tries, _: not tries, "The model gave no answer to it."),
    _Conclusion(
        "unjudged",
        lambda tries, _: all(attempt.right is None for attempt in tries),
        "Nothing could tell whether the answers are right; tick them by hand.",
    ),
    _Conclusion(
        "gone",
        lambda tries, _: _share_right(tries) >= OFTEN,
        "Asked again unchanged it comes out right, so this failure does not hold here.",
    ),
    _Conclusion(
        "sometimes",
        lambda tries, _: _share_right(tries) > 0,
        "Asked again unchanged it comes out right now and then: it can, but not reliably.",
        Cause.BEHAVIOUR,
        Remedy.PROMPTING,
    ),
    _Conclusion(
        "stated",
        _only(Intervention.STATED),
        "Saying plainly what is wanted mends it: better prompting is enough.",
        Cause.BEHAVIOUR,
        Remedy.PROMPTING,
        "saying plainly what is wanted",
    ),
    _Conclusion(
        "shown",
        _only(Intervention.EXAMPLES),
        "Showing examples mends it, saying it does not: a habit that examples teach.",
        Cause.BEHAVIOUR,
        Remedy.PROMPTING,
        "examples in the prompt",
    ),
    _Conclusion(
        "fact",
        _only(Intervention.FACT),
        "With the fact supplied it comes out right, without it not: it lacks knowledge.",
        Cause.KNOWLEDGE,
        Remedy.RETRIEVAL,
        "the missing fact in the prompt, which retrieval can put there",
    ),
    _Conclusion(
        "form",
        _only(Intervention.CONSTRAINED),
        "It comes out right once only the right form can be written.",
        Cause.BEHAVIOUR,
        Remedy.OTHER,
        "allowing only answers of the right form",
    ),
    _Conclusion(
        "larger",
        _only(Intervention.LARGER),
        "Only the larger model gets it right: it is beyond this one.",
        Cause.CAPABILITY,
        Remedy.OTHER,
        "a larger model",
    ),
    _Conclusion(
        "nothing",
        lambda _, __: True,
        "Nothing that was tried mends it: beyond this model, or a habit that takes training. "
        "A pilot can tell which.",
    ),
)


MENDS = {conclusion.id: conclusion.mends for conclusion in _CONCLUSIONS if conclusion.mends}
"""What mended a failure, by the id of the conclusion."""


def concluded(failure: Failure, tries: Sequence[ProbeTry], unanswered: str = "") -> ProbedFailure:
    """Return what the tries of one failure say about its cause."""
    bare = ProbedFailure(
        id=failure.id or "", key=failure.key, tries=tuple(tries),
        finding="", cause=None, remedy=None, why="", unanswered=unanswered,
    )  # fmt: skip
    found = next(conclusion for conclusion in _CONCLUSIONS if conclusion.holds(tries, bare.outcome))
    words = {"finding": found.id, "cause": found.cause, "remedy": found.remedy, "why": found.why}
    return bare.model_copy(update=words)
