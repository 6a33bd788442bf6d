"""Facts that stand in wanted answers of the test and nowhere on the training side.

A fine-tune cannot know them. If it gains on the cases whose facts it has seen and not on the
others, it has learned by heart and will not help with new questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from advisor.domain.cases import Case
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import Finding
from advisor.domain.pilot_spec import Task
from advisor.failures.features.lexicons import STOP
from advisor.failures.features.texts import READ, FailureText

SHORT = 8
"""Words up to which an answer to a question is a fact as a whole."""
_MANY = 0.5
_NAME_WORDS = 12
_LONG_NAME = re.compile(
    r"\b[A-Z][\w’'-]*+(?:\s(?:(?:of|the|and|in|for|to|a|de|la|van|von)\s){0,2}[A-Z][\w’'-]*+)++"
)


def wanted_facts(case: Case, task: Task) -> frozenset[str]:
    """Return names, numbers, dates and links of a wanted answer that the input does not give."""
    if task is Task.CLASSIFICATION:
        return frozenset()
    answer = FailureText(case.expected)
    short = task is Task.QUESTION_ANSWERING and len(answer.words) <= SHORT
    facts = answer.known if short else answer.facts
    asked = " ".join(case.input.lower().split())
    names = (_bare(name) for name in _runs(answer.raw))
    long = frozenset(name for name in names if " " in name and name not in asked)
    return (facts | long) - _known([case.input])


def _known(texts: Iterable[str]) -> frozenset[str]:
    """Return every word and fact in texts; long ones are read in parts."""
    known: set[str] = set()
    for text in texts:
        for start in range(0, len(text), READ):
            part = FailureText(text[start : start + READ])
            known |= part.known
            known.update(one for run in _runs(part.raw) for one in _within(run))
    return frozenset(known)


def _runs(text: str) -> Iterator[list[str]]:
    """Yield names of several words, such as titles: all their words may be known, they not."""
    return (found[0].lower().split() for found in _LONG_NAME.finditer(text))


def _bare(run: list[str]) -> str:
    """Return a name without the small words that it begins with, such as "one of the"."""
    first = next((place for place, word in enumerate(run) if word not in STOP), len(run))
    return " ".join(run[first:])


def _within(run: list[str]) -> Iterator[str]:
    """Yield every part of a name that has at least two words."""
    words = run[:_NAME_WORDS]
    for start in range(len(words) - 1):
        yield from (" ".join(words[start:end]) for end in range(start + 2, len(words) + 1))


def facts_seen(frozen: Frozen) -> dict[str, bool]:
    """Return, by id, whether all wanted facts of a test case stand on the training side.

    Cases whose wanted answer holds no fact, such as a label, are left out.
    """
    sides = (text for case in frozen.data.train for text in (case.input, case.expected))
    known = _known(sides)
    wanted = ((case.id, wanted_facts(case, frozen.spec.task)) for case in frozen.data.test)
    return {id: facts <= known for id, facts in wanted if facts}


def unseen_facts(frozen: Frozen) -> frozenset[str]:
    """Return the ids of the test cases with a wanted fact that no training case holds."""
    return frozenset(id for id, seen in facts_seen(frozen).items() if not seen)


def facts(frozen: Frozen) -> Iterator[Finding]:
    """Say how many wanted answers hold facts that cannot be learned, or be looked up."""
    unseen, count = unseen_facts(frozen), len(frozen.data.test)
    if not unseen:
        return
    what = (
        f"The wanted answers of {len(unseen)} of {count} test cases hold names, numbers or dates "
        "that stand nowhere on the training side: fine-tuning cannot know them. Gains on the two "
        "kinds of cases are reported apart."
    )
    severity = "warning" if len(unseen) > _MANY * count else "note"
    tested = tuple(case.id for case in frozen.data.test if case.id in unseen)
    yield Finding(check="unseen_facts", severity=severity, what=what, cases=tested)
    yield from _nowhere(frozen, unseen)


def _nowhere(frozen: Frozen, unseen: frozenset[str]) -> Iterator[Finding]:
    if not frozen.data.documents:
        return
    known = _known(document.text for document in frozen.data.documents)
    lost = tuple(
        case.id
        for case in frozen.data.test
        if case.id in unseen and not wanted_facts(case, frozen.spec.task) <= known
    )
    if lost:
        what = (
            f"In {len(lost)} of them some fact stands in no document either, at least not in these "
            "words; no arm can be expected to give it."
        )
        yield Finding(check="unseen_facts", severity="warning", what=what, cases=lost)
