"""The form of an answer: a pattern, a length, words that must or must not stand in it."""

from __future__ import annotations

import regex

from advisor.domain.cases import Case
from advisor.domain.pilot_spec import Spec
from advisor.pilot.metrics.measure_type import One

SECONDS = 0.2
"""The longest a pattern may look at one answer."""


def pattern(spec: Spec) -> One:
    """Return the judge of the pattern; None where it takes too long on an answer."""
    compiled = regex.compile(spec.judged_by.pattern or "")

    def judge(text: str, case: Case) -> float | None:
        try:
            return float(compiled.fullmatch(text.strip(), timeout=SECONDS) is not None)
        except (TimeoutError, MemoryError):
            return None

    return judge


def style(spec: Spec) -> One:
    """Return the judge of style: every check that is given must hold."""
    checks = spec.judged_by.style
    wanted = [one.casefold() for one in checks.must_contain]
    unwanted = [one.casefold() for one in checks.must_not_contain]

    def judge(text: str, case: Case) -> float:
        length, plain = len(text.split()), text.casefold()
        long_enough = length >= (checks.min_words or 0)
        short_enough = checks.max_words is None or length <= checks.max_words
        holds = all(one in plain for one in wanted) and not any(one in plain for one in unwanted)
        return float(long_enough and short_enough and holds)

    return judge
