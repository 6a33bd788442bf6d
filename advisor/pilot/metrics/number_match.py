"""Numbers as people write them, and whether one stands in an answer."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from advisor.domain.cases import Case
from advisor.domain.pilot_spec import Spec
from advisor.pilot.metrics.metric_definition import AnswerScorer

EXTRA = 5
"""Other numbers that may stand beside the wanted ones; more, and it is a list, not an answer."""
READ = 20_000
"""Characters of an answer that are looked at."""
_SPACES = " \u00a0\u2009\u202f'’"
_SCALES = {
    "k": 1e3, "thousand": 1e3, "tausend": 1e3, "mille": 1e3,
    "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "millions": 1e6, "millionen": 1e6,
    "b": 1e9, "bn": 1e9, "mrd": 1e9, "billion": 1e9, "billions": 1e9, "milliarden": 1e9,
    "trillion": 1e12, "trillions": 1e12,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?<![\w.,])(?:(?P<sign>[-−–])(?=[$€£¥₹.\d]))?(?:[$€£¥₹]\s?(?P<inner>[-−])?)?"
    rf"(?P<digits>\d{{1,3}}(?:[{_SPACES}]\d{{3}})++(?!\d)(?:[.,]\d++)?+|\d++(?:[.,]\d++)*+|\.\d++)"
    r"(?:\s?(?P<percent>%|percent\b|per cent\b|pct\b|prozent\b)"
    rf"|\s?(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class AnswerNumber:
    """One number as it stands in a text."""

    readings: tuple[float, ...]
    """1.234 may be a thousand or one and a bit."""
    percent: bool = False
    scale: float = 1.0
    """A million where `million` stands behind it."""

    @property
    def values(self) -> Iterator[float]:
        """Everything that it may mean to somebody who writes units differently."""
        for one in self.readings:
            yield one
            yield one * self.scale
            yield one / 100 if self.percent else one


def numbers(text: str) -> list[AnswerNumber]:
    """Return the numbers in a text, in order."""
    return [_number(found) for found in _NUMBER.finditer(text[:READ])]


def _number(found: re.Match[str]) -> AnswerNumber:
    sign = -1.0 if found["sign"] or found["inner"] else 1.0
    scale = _SCALES[found["scale"].lower()] if found["scale"] else 1.0
    readings = tuple(sign * one for one in _readings(found["digits"]))
    return AnswerNumber(readings, found["percent"] is not None, scale)


def _readings(digits: str) -> Iterator[float]:
    """Yield what digits with points and commas may mean, the likelier first."""
    digits = re.sub(f"[{_SPACES}]", "", digits)
    signs = [letter for letter in digits if letter in ".,"]
    if not signs:
        yield float(digits)
        return
    whole, _, rest = digits.rpartition(signs[-1])
    grouped = float(re.sub("[.,]", "", digits))
    if len(signs) > 1 and len(set(signs)) == 1:
        yield grouped
    elif len(signs) == 1 and len(rest) == 3 and 0 < len(whole) <= 3 and whole != "0":
        decimal = float(f"{whole}.{rest}")
        yield from (grouped, decimal) if signs == [","] else (decimal, grouped)
    else:
        yield float(f"{re.sub('[.,]', '', whole) or '0'}.{rest}")


def matches(said: AnswerNumber, wanted: AnswerNumber, tolerance: float) -> bool:
    """Tell whether a number means the wanted one; units count where both name them."""
    if said.percent and wanted.percent:
        pairs = [(one, other) for one in said.readings for other in wanted.readings]
    elif said.scale > 1 and wanted.scale > 1:
        pairs = [
            (one * said.scale, other * wanted.scale)
            for one in said.readings
            for other in wanted.readings
        ]
    else:
        pairs = [(one, other) for one in said.values for other in wanted.values]
    return any(_near(one, other, tolerance) for one, other in pairs)


def _near(said: float, wanted: float, tolerance: float) -> bool:
    return said == wanted or math.isclose(
        said, wanted, rel_tol=0, abs_tol=max(tolerance, 1e-9) * abs(wanted)
    )


def right_numbers(spec: Spec) -> AnswerScorer:
    """Return the judge of numbers with the tolerance of a specification."""
    tolerance = spec.judged_by.tolerance

    def judge(text: str, case: Case) -> float | None:
        wanted, said = numbers(case.expected), numbers(text)
        if not wanted:
            return None
        named = all(any(matches(one, goal, tolerance) for one in said) for goal in wanted)
        return float(named and len(set(said)) <= len(set(wanted)) + EXTRA)

    return judge
