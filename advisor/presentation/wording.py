"""Plain words for figures, names and answers, so that every screen and document says the same."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from advisor.core.markdown import plain
from advisor.proposal import Answer
from advisor.vocabulary import CAUSE_NAMES, MODE_NAMES, Cause, Mode, Remedy, combination

if TYPE_CHECKING:
    from advisor.domain.assessment import Stage
    from advisor.domain.sources import Source, Spread
    from advisor.rules.schema.rule_schema import ConditionSubject, Question


CAUSES, MODES = CAUSE_NAMES, MODE_NAMES
REMEDIES: dict[Remedy, str] = {
    Remedy.PROMPTING: "prompting",
    Remedy.RETRIEVAL: "retrieval",
    Remedy.FINE_TUNING: "fine-tuning",
    Remedy.OTHER: "another approach",
}
STAGES: dict[Stage, str] = {
    "not_shown": "the needed passage was not shown",
    "cut": "the needed passage was shown, but cut off",
    "misused": "the needed passage was shown, but not used",
}
MONTHS = (
    "January February March April May June July August September October November December".split()
)
REPEATABLE = "The same proposal, rules and classifier always give the same recommendation."
_STRENGTHS = ((math.log(10), "strong"), (math.log(4), "clear"), (0.0, "weak"))
_CONFIDENCES = ((0.85, "strongly"), (0.6, "clearly"), (0.0, "leans to"))


def percent(share: float) -> str:
    """Return a share from 0 to 1 as whole percent: `62 %`; tiny and near-full shares say so."""
    if 0 < share < 0.005:
        return "under 1 %"
    if 0.995 <= share < 1:
        return "over 99 %"
    return f"{share * 100:.0f} %"


def percent_range(spread: Spread) -> str:
    """Return shares from 0 to 1 as `about 62 % (48 to 74 %)`."""
    low, middle, high = (f"{value * 100:.0f}" for value in (spread.low, spread.mid, spread.high))
    return f"about {middle} %" if low == high else f"about {middle} % ({low} to {high} %)"


def listing(words: Iterable[str], last: str = "and") -> str:
    """Join words as people do: `a, b and c`."""
    *most, final = list(words) or [""]
    return f"{', '.join(most)} {last} {final}" if most else final


def combination_words(name: str, other: str | None = None) -> str:
    """Return a combination in words: `retrieval and fine-tuning`.

    Args:
        name: The combination.
        other: What `other` means here, if that is known.
    """
    names = REMEDIES | {Remedy.OTHER: other or REMEDIES[Remedy.OTHER]}
    return listing(names[remedy] for remedy in combination(name))


def start(text: str) -> str:
    """Return `text` with its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def strength(weight: float) -> str:
    """Return how strong a weight of evidence in nats is: `weak`, `clear` or `strong`."""
    return next(word for least, word in _STRENGTHS if abs(weight) >= least - 0.01)


def target(cause: Cause | None, mode: Mode | None, remedy: Remedy | None) -> str:
    """Return what a reason speaks about, most exact first."""
    if remedy is not None:
        return REMEDIES[remedy]
    if mode is not None:
        return MODES[mode]
    return CAUSES[cause] if cause is not None else "the whole"


def forbidden(remedy: Remedy, unless_with: Sequence[Remedy] = (), other: str | None = None) -> str:
    """Return what a veto rules out: `fine-tuning without retrieval`.

    Args:
        remedy: What is ruled out.
        unless_with: Together with one of these it is allowed.
        other: What `other` means here, if that is known.
    """
    others = listing((combination_words(name, other) for name in unless_with), "or")
    return f"{REMEDIES[remedy]} without {others}" if unless_with else REMEDIES[remedy]


def confidence_word(confidence: float, abstained: bool = False) -> str:
    """Return `strongly`, `clearly` or `leans to` for 0 to 1; `best guess` after an abstention."""
    if abstained:
        return "best guess"
    return next(word for least, word in _CONFIDENCES if confidence >= least)


def verdict(
    confidence: float, abstained: bool, recommendation: str, other: str | None = None
) -> str:
    """Return how firmly the evidence stands behind a combination, as part of a sentence."""
    words = combination_words(recommendation, other)
    word = confidence_word(confidence, abstained)
    if abstained:
        return f"Not enough evidence to decide. Best guess: {words}"
    return (
        f"The evidence leans to {words}"
        if word == "leans to"
        else (f"The evidence points {word} to {words}")
    )


def trials(confidence: float) -> str:
    """Say what a confidence from 0 to 1 means."""
    return (
        f"It came out ahead in {confidence * 100:.0f} of 100 trials, in which what goes wrong "
        "and what each remedy fixes were varied within their ranges."
    )


def answer_words(answer: Answer, question: ConditionSubject | None = None) -> str:
    """Return an answer in words: `yes`, `I don't know`, `1,500 examples`, a choice's label."""
    if answer is None or answer == "":
        return "I don't know"
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, int | float):
        unit = question.unit if question else ""
        return f"{number(answer)} {unit}".strip()
    return question.labels.get(answer, answer) if question else answer


def stretch_words(low: float, high: float, question: Question) -> str:
    """Return the numbers from `low` to `high` in words: `fewer than 50 examples`."""
    unit = f" {question.unit}" if question.unit else ""
    if low == high:
        return f"{number(low)}{unit}"
    if high >= question.maximum:
        return f"{number(low)}{unit} or more"
    if low > question.minimum:
        return f"{number(low)} to {number(high)}{unit}"
    whole = isinstance(high, int)
    return f"fewer than {number(high + 1)}{unit}" if whole else f"at most {number(high)}{unit}"


def number(value: float) -> str:
    """Return a number with thousands separated and at most two decimals: `1,500`, `2.5`."""
    if not math.isfinite(value):
        return str(value)
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def price(amount: float) -> str:
    """Return an amount of money without its currency: `1,250.00`, `0.034`, `under 0.0001`."""
    if 0 < amount < 0.0001:
        return "under 0.0001"
    return f"{amount:,.2f}" if amount == 0 or amount >= 1 else f"{amount:.2g}"


def counted(count: int, noun: str) -> str:
    """Return `1 failure`, `1,200 failures`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def days(spread: Spread) -> str:
    """Return a duration in days: `3 to 8 days`, `1 day`, `no time`."""
    low, high = (_rounded(value) for value in (spread.low, spread.high))
    if low == high:
        return "no time" if high == 0 else f"{number(high)} day{'' if high == 1 else 's'}"
    return f"{number(low)} to {number(high)} day{'' if high <= 1 else 's'}"


def days_a_month(spread: Spread) -> str:
    """Return upkeep: `1 to 3 days a month`, `no time`."""
    words = days(spread)
    return words if words == "no time" else f"{words} a month"


def duration(seconds: float) -> str:
    """Return a time as people say it: `40 s`, `3 min`, `2 h 5 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def roughly(seconds: float) -> str:
    """Return a time to wait in words: `about 20 seconds`, `about 3 minutes`."""
    if seconds < 90:
        return f"about {counted(max(1, round(seconds)), 'second')}"
    return f"about {round(seconds / 60)} minutes"


def moment(at: datetime) -> str:
    """Return `23 November 2026, 20:25 UTC`.

    Raises:
        ValueError: when `at` has no zone.
    """
    zone = at.strftime("%z")
    if not zone:
        raise ValueError("a date in a document needs its zone")
    name = "UTC" if zone == "+0000" else f"UTC{zone[:3]}:{zone[3:5]}"
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}, {at:%H:%M} {name}"


def request_words(
    requested: str | None, recommendation: str, vetoed: Sequence[str], other: str | None = None
) -> str:
    """Say whether what was asked for agrees with what is recommended.

    Args:
        requested: Combination that was asked for, if any.
        recommendation: Combination that is recommended.
        vetoed: Remedies that a veto rules out.
        other: What `other` means in the recommendation, if that is known.
    """
    if requested is None:
        return "No remedy was asked for."
    asked, best = combination_words(requested), combination_words(recommendation, other)
    if requested == recommendation:
        return f"What was asked for: {asked}. The evidence agrees."
    wanted, given = set(combination(requested)), set(combination(recommendation))
    if any(remedy in vetoed for remedy in wanted - given):
        verdict = "A fixed rule forbids it here"
        return f"What was asked for: {asked}. {verdict}; the evidence points to {best}."
    if wanted < given:
        more = listing(REMEDIES[remedy] for remedy in Remedy if remedy in given - wanted)
        return f"What was asked for: {asked}. It is part of the answer; it also needs {more}."
    return f"What was asked for: {asked}. The evidence points to {best} instead."


def _rounded(value: float) -> float:
    return round(value) if value >= 3 else round(value * 2) / 2


def source_words(source: Source) -> str:
    """Return a source of the rules with its link."""
    address = f" [{plain(source.link)}]({source.link})" if source.link else ""
    return f"{plain(source.title)}.{address}"


def day_words(day: date) -> str:
    """Return `5 May 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
