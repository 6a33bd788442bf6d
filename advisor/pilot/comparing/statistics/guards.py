"""What must be there before anything is concluded."""

from __future__ import annotations

FEWEST_CASES = 30
FEWEST_GROUPS = 10
FEWEST_MOVED = 6
"""Cases or groups in which two arms must differ; five that agree reach p = 0.0625 exactly."""


def is_enough(cases: int, groups: int | None) -> bool:
    """Tell whether so many cases allow a conclusion; `groups` is None where none are given."""
    return cases >= FEWEST_CASES and (groups is None or groups >= FEWEST_GROUPS)
