"""Assessments that are kept: the same answer without judging again, and nothing stale."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from advisor.domain.assessment import Assessment
from advisor.proposal import Draft, Failure
from advisor.triage.assessing import assessment_cache
from advisor.triage.assessing.assessment_cache import judged_by
from advisor.triage.recommend import Tools, load_tools, triage

DRAFT = Draft(
    title="Letters",
    description="Answers to customers invent prices.",
    answers={"output_format_strict": True},
    failures=(Failure(output="It costs 12 euros.", expected="It costs 15 euros."),),
)


@pytest.fixture(scope="module")
def kit() -> Tools:
    return load_tools()


@pytest.fixture(scope="module")
def result(kit: Tools) -> Assessment:
    return triage(DRAFT, kit)


@pytest.fixture
def prints(home: Path, kit: Tools) -> tuple[str, ...]:
    return judged_by(kit, DRAFT.failures)


def test_what_is_kept_comes_back_to_the_last_digit(
    prints: tuple[str, ...], result: Assessment
) -> None:
    assert assessment_cache.kept(DRAFT, prints) is None
    for _ in range(2):
        assessment_cache.keep(DRAFT, prints, result)
        assert assessment_cache.kept(DRAFT, prints) == result


def test_nothing_comes_back_once_the_text_the_rules_or_the_code_changed(
    prints: tuple[str, ...], result: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessment_cache.keep(DRAFT, prints, result)
    assert (
        assessment_cache.kept(DRAFT.model_copy(update={"title": "Other letters"}), prints) is None
    )
    assert assessment_cache.kept(DRAFT, ("other rules", *prints[1:])) is None
    monkeypatch.setattr(assessment_cache, "_code", lambda: "other code")
    assert assessment_cache.kept(DRAFT, prints) is None


def test_the_oldest_make_room(
    prints: tuple[str, ...], result: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessment_cache, "KEPT", 2)
    drafts = [DRAFT.model_copy(update={"title": f"Letters {place}"}) for place in range(3)]
    for draft in drafts:
        assessment_cache.keep(draft, prints, result)
    assert [assessment_cache.kept(draft, prints) is not None for draft in drafts] == [
        False,
        True,
        True,
    ]


def test_what_is_too_large_is_not_kept(
    prints: tuple[str, ...], result: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessment_cache, "LARGEST", 100)
    assessment_cache.keep(DRAFT, prints, result)
    assert assessment_cache.kept(DRAFT, prints) is None


@pytest.mark.parametrize("damage", ["the whole file", "one row"])
def test_a_damaged_file_costs_time_only(
    home: Path,
    prints: tuple[str, ...],
    result: Assessment,
    damage: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assessment_cache.keep(DRAFT, prints, result)
    file = home / assessment_cache.FILE
    if damage == "one row":
        with assessment_cache._CACHE.writing() as opened:
            opened.execute("UPDATE assessment SET packed = 'text'")
    else:
        file.write_bytes(b"no database" * 500)
    with caplog.at_level(logging.WARNING, logger="advisor"):
        assert assessment_cache.kept(DRAFT, prints) is None
        assessment_cache.keep(DRAFT, prints, result)
    assert assessment_cache.FILE in caplog.text
    assert (assessment_cache.kept(DRAFT, prints) == result) is (damage == "one row")
