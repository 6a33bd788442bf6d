"""Sums written out in a text: do they hold?"""

from __future__ import annotations

import re

_NUMBER = r"[-+]?[$€£]?\d[\d,]{0,15}(?:\.\d+)?"
_SUM = re.compile(rf"({_NUMBER})((?:\s*[-+*x×·/÷–−]\s*{_NUMBER}){{1,20}})\s*%?\s*=\s*({_NUMBER})")
_STEP = re.compile(rf"\s*([-+*x×·/÷–−])\s*({_NUMBER})")
_SIGNS = {"x": "*", "×": "*", "·": "*", "÷": "/", "–": "-", "−": "-"}


def sums(text: str) -> tuple[int, int]:
    """Return how many sums such as `3 * 4 = 12` a text holds, and how many of them are wrong."""
    right = wrong = 0
    for found in _SUM.finditer(text):
        worth = _worth(found[1], _STEP.findall(found[2]))
        said = _value(found[3])
        if worth is None:
            continue
        close = abs(worth - said) <= max(0.011 * abs(said), 0.06)
        right, wrong = right + close, wrong + (not close)
    return right + wrong, wrong


def _worth(first: str, steps: list[tuple[str, str]]) -> float | None:
    terms = [_value(first)]
    for sign, text in steps:
        value, operator = _value(text), _SIGNS.get(sign, sign)
        if operator == "*":
            terms[-1] *= value
        elif operator == "/":
            if not value:
                return None
            terms[-1] /= value
        else:
            terms.append(value if operator == "+" else -value)
    return sum(terms)


def _value(text: str) -> float:
    return float(re.sub(r"[^\d.+-]", "", text))
