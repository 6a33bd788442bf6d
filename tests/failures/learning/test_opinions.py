"""Who said what about a failure, and what counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from advisor.failures.learning.opinions import Opinion, because, opinions
from advisor.store import Label
from advisor.vocabulary import Mode

BEGAN = datetime(2026, 11, 23, tzinfo=UTC)


def label(
    author: str, mode: str, minute: int = 0, settles: bool = False, digest: str = "d"
) -> Label:
    at = BEGAN + timedelta(minutes=minute)
    texts = '{"output":"RED","expected":"red"}'
    return Label(digest, author, Mode(mode), "p", "a", at, settles, texts)


def test_one_person_or_all_who_say_the_same_agree() -> None:
    assert Opinion((label("anna", "format"),)).agreed == Mode.FORMAT
    assert Opinion((label("anna", "format"), label("ben", "format", 1))).agreed == Mode.FORMAT
    assert not Opinion((label("anna", "format"), label("ben", "format", 1))).differs


def test_two_who_differ_do_not_agree_and_both_are_named() -> None:
    opinion = Opinion((label("anna", "format"), label("ben", "label", 1)))
    assert opinion.agreed is None
    assert opinion.told("cara") == "anna says broken format, ben says wrong label"
    assert opinion.told("anna") == "You say broken format, ben says wrong label"
    assert opinion.by("ben") == "anna and you"


def test_several_who_say_the_same_are_named_together() -> None:
    labels = (label("anna", "format"), label("ben", "label", 1), label("cara", "format", 2))
    assert Opinion(labels).told("x") == "anna and cara say broken format, ben says wrong label"


def test_a_settled_disagreement_counts_until_somebody_says_otherwise_later() -> None:
    first = (label("anna", "format"), label("ben", "label", 1))
    settled = (*first, label("cara", "label", 2, settles=True))
    assert Opinion(settled).agreed == Mode.LABEL
    assert Opinion(settled).differs
    assert Opinion((*settled, label("dan", "label", 3))).agreed == Mode.LABEL
    assert Opinion((*settled, label("dan", "style", 3))).agreed is None


def test_whose_word_counts_is_said() -> None:
    labels = (label("anna", "format"), label("ben", "format"), label("cara", "label"))
    assert because(labels, Mode.FORMAT, "ben") == "because anna and you said so"
    assert because(labels, Mode.LABEL, "ben") == "because cara said so"
    assert because((), Mode.LABEL, "ben") == "because a person said so"


def test_opinions_are_by_failure_the_newest_first() -> None:
    labels = (
        label("anna", "format"),
        label("ben", "label", 1, digest="e"),
        label("cara", "style", 2),
    )
    assert [(one.digest, len(one.labels)) for one in opinions(labels)] == [("d", 2), ("e", 1)]


def test_a_failure_fits_on_one_line() -> None:
    assert Opinion((label("anna", "format"),)).brief == "RED (wanted: red)"
