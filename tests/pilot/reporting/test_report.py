"""The report of a pilot, and of results that were brought along."""

from collections.abc import Callable

import pytest
from results import COMPARISON, FROZEN, RESULT

from advisor.documents.record import Figure, Record
from advisor.documents.render import html_of, markdown_of, pdf_of
from advisor.pilot.reporting.report import ReportSubject, build
from advisor.pilot.reporting.sections import main_runs

PILOT = build(ReportSubject.of(RESULT, FROZEN.data.test), RESULT.finished)
BROUGHT = build(ReportSubject("Two models", COMPARISON), RESULT.finished)


def test_the_verdict_comes_first_and_then_what_to_do() -> None:
    assert PILOT.headline.startswith("Contradicted: fine-tuning. A plain classifier does as well")
    assert PILOT.verdict == "Next: Build the classifier."
    assert [fact.value for fact in PILOT.facts] == ["80 %", "90 %", "10 points", "40"]


def test_a_pilot_says_everything_that_a_reviewer_asks() -> None:
    headings = [section.heading for section in PILOT.sections]
    assert headings == [
        "How well each did",
        "Pair by pair",
        "To bear in mind",
        "Checks",
        "Part by part",
        "Would more examples help?",
        "What it costs",
        "The same cases side by side",
        "How it was done",
    ]
    assert any(fact.value == RESULT.hash for fact in PILOT.origin)


def test_results_brought_along_give_the_same_comparison_and_nothing_invented() -> None:
    assert BROUGHT.headline == PILOT.headline
    assert [section.id for section in BROUGHT.sections] == ["scores", "differences", "bear"]
    assert "ran nothing" in BROUGHT.closing


def test_a_failed_arm_is_told_with_its_reason() -> None:
    assert "The service does not accept the key." in markdown_of(PILOT)
    assert all(run.answers for run in main_runs(RESULT))


def test_cases_on_which_the_arms_differ_stand_first() -> None:
    outputs = next(section for section in PILOT.sections if section.id == "outputs")
    assert len(outputs.blocks) == 10
    scores = {row.cells[2] for row in outputs.blocks[0].rows}  # type: ignore[union-attr]
    assert scores == {"0 %", "100 %"}


@pytest.mark.parametrize("record", [PILOT, BROUGHT])
def test_every_picture_is_told_in_words_too(record: Record) -> None:
    figures = [b for s in record.sections for b in s.blocks if isinstance(b, Figure)]
    assert figures
    for figure in figures:
        assert figure.svg.startswith("<svg") and len(figure.alt) > 20


@pytest.mark.parametrize("write", [markdown_of, html_of])
def test_what_users_wrote_stays_text(write: Callable[[Record], str]) -> None:
    text = write(PILOT)
    assert "<messages>" not in text
    assert "&lt;messages&gt;" in text


def test_the_same_pilot_gives_the_same_pdf() -> None:
    assert pdf_of(PILOT, RESULT.finished) == pdf_of(PILOT, RESULT.finished)
