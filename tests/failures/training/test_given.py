from __future__ import annotations

from collections import Counter
from random import Random

from advisor.failures.features.case import FailureCase
from advisor.failures.training.exemplars import Exemplar
from advisor.failures.training.given import given
from advisor.proposal import Failure
from advisor.vocabulary import Mode

LONG = "The ferry leaves the northern pier at seven and returns in the evening, " * 6 + "always."


def exemplar(mode: Mode = Mode.FORMAT, **parts: str) -> Exemplar:
    return Exemplar(FailureCase.of(Failure(**parts)), mode, "ferries", "a")


FULL = exemplar(input="List the piers.", context=LONG, output=LONG, expected="Two.", note="prose")


def test_something_to_judge_is_always_left() -> None:
    random = Random(1)
    for _ in range(500):
        texts, _, _ = given(FULL, random)
        assert texts.get("output") or texts.get("expected") or texts.get("note")


def test_a_text_inside_the_input_keeps_its_words() -> None:
    random = Random(2)
    inside = [given(FULL, random)[0] for _ in range(200)]
    moved = [texts for texts in inside if "context" not in texts and "input" in texts]
    assert 60 < len(moved) < 160
    assert all(LONG in texts["input"] for texts in moved)


def test_a_cut_answer_is_a_failure_of_the_system() -> None:
    random = Random(3)
    bare = exemplar(Mode.FABRICATION, input="Tell me of the ferry.", output=LONG)
    modes = Counter(given(bare, random)[1] for _ in range(2_000))
    assert 60 < modes[Mode.SYSTEM] < 180
    cut = [
        texts["output"]
        for texts, mode, _ in (given(bare, random) for _ in range(500))
        if mode == Mode.SYSTEM
    ]
    assert all(LONG.startswith(text) and text[-1] not in ".!?" for text in cut)


def test_a_short_answer_is_never_cut() -> None:
    random = Random(4)
    short = exemplar(Mode.LABEL, input="Which one?", output="billing", expected="refund")
    assert all(given(short, random)[1] == Mode.LABEL for _ in range(300))
