"""Scores and differences in words that need no statistics."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.pilot.comparing.statistics.score_table import ScoreScale
from advisor.presentation.wording import number, percent


@dataclass(frozen=True)
class ScoreWords:
    """How figures on one scale are written: percent and points for shares, else plain numbers."""

    scale: ScoreScale

    def score(self, value: float) -> str:
        """Return a score: `62 %`, or `3.4`."""
        return percent(value) if self.scale.is_share else number(value)

    def amount(self, difference: float) -> str:
        """Return how large a difference is, whatever its sign: `6.3 points`, or `0.4`."""
        if not self.scale.is_share:
            return number(abs(difference))
        figure = _points(abs(difference))
        return f"{figure} point{'' if figure == '1' else 's'}"

    def range(self, low: float, high: float) -> str:
        """Return differences of one sign, the smaller first: `8 to 20`."""
        one, two = sorted((abs(low), abs(high)))
        return f"{self._figure(one)} to {self._figure(two)}"

    def signed(self, difference: float) -> str:
        """Return a difference with its sign and without its unit: `+6.3`, `−2`, `0`."""
        figure = self._figure(abs(difference))
        return figure if figure == "0" else f"{'+' if difference > 0 else '−'}{figure}"

    def between(self, low: float, high: float) -> str:
        """Return where a difference lies: `between 2.1 points worse and 15 points better`."""
        if low * high > 0:
            unit = " points" if self.scale.is_share else ""
            return f"{self.range(low, high)}{unit} {'better' if low > 0 else 'worse'}"
        return f"between {self._side(low)} and {self._side(high)}"

    def _side(self, end: float) -> str:
        shown = self._figure(abs(end))
        if shown == "0":
            return "no different"
        return f"{self.amount(end)} {'better' if end > 0 else 'worse'}"

    def _figure(self, value: float) -> str:
        return _points(value) if self.scale.is_share else number(value)


def _points(share: float) -> str:
    points = 100 * share
    return number(round(points, 1)) if points < 9.95 else f"{points:.0f}"
