"""Groups that stand on both sides: what the test asks was partly seen in training."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.pilot_finding import Finding
from advisor.domain.pilot_spec import Frozen
from advisor.presentation.wording import listing

_TOLD = 5


def groups_apart(frozen: Frozen) -> Iterator[Finding]:
    """Name the groups that have cases on both sides."""
    sides = ({case.group for case in side} for side in (frozen.data.train, frozen.data.test))
    train, test = sides
    both = sorted(group for group in train & test if group is not None)
    if not both:
        return
    cases = tuple(case.id for case in frozen.data.test if case.group in both)
    names = listing([*both[:_TOLD], *([f"{len(both) - _TOLD} more"] if len(both) > _TOLD else [])])
    what = (
        f"{len(cases)} of {len(frozen.data.test)} test cases belong to a group that is also "
        f"trained on ({names}). The result holds for these groups; for new ones it may be worse."
    )
    yield Finding(check="groups", severity="warning", what=what, cases=cases)
