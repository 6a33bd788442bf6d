from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.errors import ModelError
from advisor.failures.classifier import load_classifier
from advisor.failures.head import FILE, head_path, load_head
from advisor.failures.head_inputs import load_case_encoder
from advisor.failures.probabilities import shares_by_cause
from advisor.models.encoder import load_encoder
from advisor.proposal import Failure
from advisor.vocabulary import CAUSE_OF, Cause, Mode

PASSAGE = (
    "The Harbour Library opens at 8 on weekdays and at 10 on Saturdays. "
    "Members may borrow six books."
)


def mode_of(**parts: str) -> Mode:
    return load_classifier().read([Failure(**parts)])[0].mode


CLEAR = [
    (
        Mode.FORMAT,
        {
            "input": "Give the city as JSON.",
            "output": "The city is Lund.",
            "expected": '{"city": "Lund"}',
        },
    ),
    (Mode.LABEL, {"input": "my screen went black", "output": "billing", "expected": "hardware"}),
    (
        Mode.UNFAITHFUL,
        {
            "input": "When does it open on weekdays?",
            "context": PASSAGE,
            "output": "It opens at noon.",
            "expected": "It opens at 8.",
        },
    ),
    (
        Mode.REASONING,
        {
            "input": "How much do 6 boxes at 4 euros cost in total?",
            "output": "6 * 4 = 26, so 26 euros.",
            "expected": "6 * 4 = 24, so 24 euros.",
        },
    ),
    (Mode.SYSTEM, {"output": "Error 504: gateway time-out"}),
    (Mode.STYLE, {"note": "The tone is far too stiff for our young customers."}),
    (Mode.PROCEDURE, {"note": "It skipped the identity check that our instructions demand first."}),
    (Mode.STALE_KNOWLEDGE, {"note": "That price is outdated, it changed last year."}),
    (Mode.FABRICATION, {"note": "This court case does not exist, it made it up."}),
    (Mode.RETRIEVAL_MISS, {"note": "The search returned the wrong document."}),
]


@pytest.mark.parametrize(("mode", "parts"), CLEAR, ids=[mode.value for mode, _ in CLEAR])
def test_a_clear_case_is_read_right(mode: Mode, parts: dict[str, str]) -> None:
    assert mode_of(**parts) == mode


HARD = [
    (
        "the passage holds the wanted answer or not",
        {
            "input": "When does it open on weekdays?",
            "output": "At noon.",
            "expected": "It opens at 8.",
        },
        {"context": PASSAGE},
        Mode.UNFAITHFUL,
        {"context": "The Harbour Café sells cake and tea to visitors."},
        Mode.RETRIEVAL_MISS,
    ),
    (
        "the same answer in another shape or another answer",
        {"input": "Give the city as JSON.", "expected": '{"city": "Lund"}'},
        {"output": "The city is Lund."},
        Mode.FORMAT,
        {"output": '{"city": "Oslo, founded by Olaf Brandt in 1407"}'},
        None,
    ),
    (
        "a sum that is wrong or a reply that stops",
        {"input": "How much do 6 boxes at 4 euros cost in total?"},
        {"output": "6 * 4 = 26, so 26 euros."},
        Mode.REASONING,
        {"output": "Error 504: gateway time-out"},
        Mode.SYSTEM,
    ),
]


@pytest.mark.parametrize(
    ("name", "same", "one", "first", "two", "second"), HARD, ids=[h[0] for h in HARD]
)
def test_one_changed_relation_flips_the_mode(
    name: str,
    same: dict[str, str],
    one: dict[str, str],
    first: Mode,
    two: dict[str, str],
    second: Mode | None,
) -> None:
    assert mode_of(**same, **one) == first
    found = load_classifier().read([Failure(**same, **two)])[0]
    if second:
        assert found.mode == second
    else:  # what changed proves only that it is no longer sure to be the first
        assert found.mode != first or found.abstained


def test_the_reason_says_what_decided() -> None:
    reading = load_classifier().read([
        Failure(
            input="Who built the tower?",
            output="Olaf Brandt built it.",
            expected="Built by Ines Caldeira in 1907.",
        )
    ])[0]
    assert "that is nowhere in what the model was shown" in reading.why
    assert reading.why[0].isupper()
    assert reading.why.endswith(".")


INVENTIONS = [
    "It made it up.",
    "made that up",
    "It just makes things up.",
    "The court case does not exist.",
    "There is no such function, pulled out of thin air.",
]


@pytest.mark.parametrize("note", INVENTIONS)
def test_a_note_alone_about_invention_is_not_read_as_a_text_that_was_not_used(note: str) -> None:
    reading = load_classifier().read([Failure(note=note)])[0]
    assert reading.mode == Mode.FABRICATION
    assert "something was made up" in reading.why
    assert "text shown to the model" not in reading.why


def test_where_no_text_is_shown_or_named_that_it_was_not_used_is_less_likely() -> None:
    def chance(note: str) -> float:
        found = load_classifier().read([Failure(note=note)])[0].probabilities
        return found[Mode.UNFAITHFUL] + found[Mode.RETRIEVAL_MISS]

    assert chance("It claims the opposite.") < chance("It claims the opposite of the document.")


def test_a_correction_wins() -> None:
    failures = [Failure(id="a", note="too slow"), Failure(note="too slow")]
    first, second = load_classifier().read(
        failures, {"a": Mode.STYLE, "f2": Mode.LABEL, "other": Mode.FORMAT}
    )
    assert (first.mode, first.cause, first.probabilities[Mode.STYLE]) == (
        Mode.STYLE,
        Cause.BEHAVIOUR,
        1.0,
    )
    assert first.corrected
    assert not first.abstained
    assert second.mode == Mode.LABEL
    assert sum(first.probabilities.values()) == 1


def test_an_empty_list_gives_nothing() -> None:
    assert load_classifier().read([]) == ()


def test_it_abstains_on_a_case_that_says_nothing() -> None:
    assert (
        load_classifier()
        .read([Failure(output="Here is what you asked for, with everything in it.")])[0]
        .abstained
    )


def test_more_failures_than_a_batch_come_back_in_order() -> None:
    failures = [Failure(output=f"answer {number}", expected="no") for number in range(1_100)]
    readings = load_classifier().read(failures)
    assert [reading.id for reading in readings] == [f"f{place}" for place in range(1, 1_101)]


def test_the_fingerprint_is_stable() -> None:
    assert len(load_classifier().fingerprint) == 64
    assert load_classifier() is load_classifier()


text = st.one_of(
    st.none(),
    st.text(min_size=1, max_size=120).filter(lambda t: bool(t.strip()) and "\x00" not in t),
)
failures_of = st.builds(
    lambda parts, last: Failure(
        **dict(zip(("input", "output", "expected", "context"), parts, strict=True)), note=last
    ),
    st.tuples(text, text, text, text),
    st.text(alphabet="abcdefg 😀éß字", min_size=1, max_size=60).filter(str.strip),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(failures_of, min_size=1, max_size=5))
def test_any_failure_is_read_the_same_way_wherever_it_stands(failures: list[Failure]) -> None:
    named = [
        failure.model_copy(update={"id": str(place)}) for place, failure in enumerate(failures)
    ]
    readings = load_classifier().read(named)
    assert load_classifier().read(named[::-1])[::-1] == readings
    assert load_classifier().read(named[:1]) == readings[:1]
    for reading in readings:
        assert sum(reading.probabilities.values()) == pytest.approx(1, abs=1e-9)
        assert set(reading.probabilities) == set(Mode)
        causes = shares_by_cause(reading.probabilities)
        assert reading.cause == CAUSE_OF[reading.mode]
        assert causes[reading.cause] == max(causes.values())
        assert reading.why


def test_a_damaged_or_foreign_head_is_refused(tmp_path: Path) -> None:
    encoder = load_case_encoder()
    copy = tmp_path / FILE.name
    copy.write_bytes(FILE.read_bytes()[:-9])
    copy.with_suffix(".json").write_bytes(FILE.with_suffix(".json").read_bytes())
    with pytest.raises(ModelError, match="make train-classifier"):
        load_head(encoder, copy)
    copy.write_bytes(FILE.read_bytes())
    about = FILE.with_suffix(".json").read_text(encoding="utf-8")
    copy.with_suffix(".json").write_text(about.replace("MiniLM", "OtherLM"), encoding="utf-8")
    with pytest.raises(ModelError, match="another encoder"):
        load_head(encoder, copy)
    with pytest.raises(ModelError, match="missing"):
        load_head(encoder, tmp_path / "none.safetensors")


def test_the_shipped_head_is_for_the_default_encoder() -> None:
    assert head_path(load_encoder()) == FILE


@pytest.mark.slow
def test_a_fresh_process_reads_without_the_training_libraries() -> None:
    code = (
        "import sys\n"
        "from advisor.failures.classifier import load_classifier\n"
        "from advisor.proposal import Failure\n"
        "assert 'torch' not in sys.modules\n"
        "load_classifier().read([Failure(note='wrong tone', output='x', expected='y')])\n"
        "found = {'sklearn', 'scipy', 'transformers', 'sentence_transformers'} & set(sys.modules)\n"
        "assert not found, found"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
