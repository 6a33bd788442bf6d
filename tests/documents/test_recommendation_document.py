from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_assessment import ABSTAINED, ASSESSMENT, AT, DRAFT, EMPTY, EMPTY_DRAFT
from small_book import BOOK

from advisor.documents.recommendation import build
from advisor.documents.record import Record, Section, tidy
from advisor.domain.assessment import Assessment, FailureGroup, FailureReading
from advisor.proposal import Draft, Failure
from advisor.vocabulary import Cause, Mode, Remedy

RECORD = build(DRAFT, ASSESSMENT, BOOK, AT)


def section(record: Record, name: str) -> Section:
    return next(section for section in record.sections if section.id == name)


def words(record: Record, name: str) -> str:
    return section(record, name).model_dump_json()


def test_the_answer_stands_first() -> None:
    assert RECORD.kind == "Recommendation"
    assert RECORD.headline == ASSESSMENT.headline
    assert RECORD.facts[0].value == "Prompting and retrieval"
    assert "78 of 100" in RECORD.verdict


def test_sections_keep_their_order() -> None:
    assert [section.id for section in RECORD.sections] == [
        "request",
        "causes",
        "remedies",
        "reasons",
        "vetoes",
        "against",
        "unknown",
        "flips",
        "failures",
        "plan",
        "proposal",
    ]


def test_an_abstention_is_called_a_best_guess() -> None:
    record = build(DRAFT, ABSTAINED, BOOK, AT)
    assert record.kind == "Best guess"
    assert record.facts[0].name == "Best guess"
    assert "Best guess" in record.verdict
    assert "Add eight failures" in words(record, "request")


def test_reasons_are_ordered_by_weight_with_the_users_values() -> None:
    reasons = section(RECORD, "reasons").blocks[-1].items
    weights = [item.stance.split()[0] for item in reasons]
    assert weights == sorted(weights, key=["strong", "clear", "weak"].index)
    assert reasons[0].given == ("You said: How often do the facts change? Every week",)
    assert any("not confirmed" in line for item in reasons for line in item.given)


def test_a_covered_reason_comes_last_and_says_so() -> None:
    covered = ASSESSMENT.evidence[0].model_copy(update={"counted": False})
    changed = ASSESSMENT.model_copy(update={"evidence": (covered, *ASSESSMENT.evidence[1:])})
    last = section(build(DRAFT, changed, BOOK, AT), "reasons").blocks[-1].items[-1]
    assert "covered by a stronger reason" in last.stance


def test_only_web_addresses_become_links() -> None:
    source = ASSESSMENT.evidence[0].source.model_copy(update={"link": "javascript:alert(1)"})
    item = ASSESSMENT.evidence[0].model_copy(update={"source": source})
    changed = ASSESSMENT.model_copy(update={"evidence": (item,)})
    assert section(build(DRAFT, changed, BOOK, AT), "reasons").blocks[-1].items[0].link == ""


def test_suggestions_are_marked_in_the_proposal() -> None:
    rows = {row.cells[0]: row.cells for row in section(RECORD, "proposal").blocks[-1].rows}
    tone = rows["Is the tone of the answers part of the problem?"]
    assert tone[1:] == ("yes", "read from the text, not confirmed")
    assert rows["Must answers name their source?"][1:] == ("I don't know", "open")


def test_a_persons_word_and_doubt_are_told_apart() -> None:
    content = words(RECORD, "failures")
    assert "a person said so" in content
    assert "unsure (34 %)" in content


def test_at_most_fifty_failures_are_listed() -> None:
    draft, assessment = many(120)
    tables = [
        b
        for b in section(build(draft, assessment, BOOK, AT), "failures").blocks
        if b.kind == "table"
    ]
    assert sum(len(table.rows) for table in tables) == 50
    assert "And 70 failures more" in words(build(draft, assessment, BOOK, AT), "failures")


def test_groups_beyond_the_limit_are_counted_not_shown_empty() -> None:
    draft, assessment = many(120)
    (first,) = assessment.groups
    halves = tuple(
        first.model_copy(update={"ids": ids, "name": f"Group {place}"})
        for place, ids in enumerate((first.ids[:60], first.ids[60:]))
    )
    record = build(draft, assessment.model_copy(update={"groups": halves}), BOOK, AT)
    assert all(b.rows for b in section(record, "failures").blocks if b.kind == "table")


def test_long_texts_are_shortened() -> None:
    draft = DRAFT.model_copy(update={"description": "long " * 3_000 + "\n" + "line\n" * 100})
    content = words(build(draft, ASSESSMENT, BOOK, AT), "proposal")
    assert len(content) < 10_000
    assert "lines more" in content


def test_nothing_known_is_said_in_words() -> None:
    record = build(EMPTY_DRAFT, EMPTY, BOOK, AT)
    assert "No failures were given" in words(record, "failures")
    assert "No question was answered" in words(record, "proposal")
    assert "No fixed rule forbids" in words(record, "vetoes")


def test_an_unknown_question_is_shown_by_its_id() -> None:
    draft = Draft(answers={"made_up": 3})
    assert "made_up" in words(build(draft, EMPTY, BOOK, AT), "proposal")


def test_a_date_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        build(DRAFT, ASSESSMENT, BOOK, datetime(2026, 1, 1))  # noqa: DTZ001


@given(st.text())
def test_tidy_leaves_one_line_of_visible_text(text: str) -> None:
    clean = tidy(text)
    assert clean == tidy(clean)
    assert not any(letter < " " or letter in "\u202e\x7f\u2028" for letter in clean)


def many(count: int) -> tuple[Draft, Assessment]:
    draft = Draft(failures=tuple(Failure(id=f"f{n}", output="x") for n in range(count)))
    readings = tuple(
        FailureReading(
            id=f"f{n}",
            mode=Mode.STYLE,
            cause=Cause.BEHAVIOUR,
            probabilities={Mode.STYLE: 0.9},
            abstained=False,
        )
        for n in range(count)
    )
    group = FailureGroup(
        mode=Mode.STYLE,
        name="Wrong style",
        ids=tuple(reading.id for reading in readings),
        share=1,
        certainty=0.9,
        example="f0",
        remedy=Remedy.PROMPTING,
    )
    return draft, ASSESSMENT.model_copy(update={"failures": readings, "groups": (group,)})
