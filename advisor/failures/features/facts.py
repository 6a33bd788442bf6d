"""Features on facts: who holds what the others lack."""

from __future__ import annotations

import re

from advisor.failures.features.case import FailureCase, Feature
from advisor.failures.features.lexicons import CHANGED, CITES, FACT, HOW_MUCH, RECENT, UNSURE
from advisor.failures.features.texts import FailureText
from advisor.vocabulary import Mode as M

DIFFERS = 0.6
"""An output that keeps less than this share of the wanted answer says something else."""


def unsure(text: FailureText) -> bool:
    """Say whether a text admits that it does not know."""
    return bool(UNSURE.search(text.raw))


def says_otherwise(case: FailureCase) -> bool:
    """Say whether output and wanted answer differ in content, not only in form."""
    return case.both and (case.expected_kept < DIFFERS or bool(case.expected_new))


def held(case: FailureCase) -> bool:
    """Say whether the passage holds the wanted answer."""
    facts = case.expected.facts - case.question.content
    beyond = bool(case.expected.content - case.question.content)
    return (
        bool(case.passage)
        and beyond
        and case.expected_support >= 0.6
        and facts <= (case.passage.known | case.question.known)
    )


def _lacks(case: FailureCase) -> float:
    if not case.passage or not case.expected or held(case) or unsure(case.expected):
        return 0.0
    return float(case.expected_support < 0.5)


def _beyond(case: FailureCase) -> float:
    if not case.passage or not case.output or case.expected:
        return 0.0
    return float(len(case.output.words) > 2) * (1 - case.output_support)


def _free(case: FailureCase) -> bool:
    return not case.passage and not case.reckoning and not HOW_MUCH.search(case.input.raw)


def _rival(case: FailureCase) -> float:
    return float(
        _free(case) and says_otherwise(case) and bool(case.expected_new) and not unsure(case.output)
    )


def _rival_words(case: FailureCase) -> float:
    asked = bool(FACT.search(case.question.raw)) or "?" in case.question.raw
    differs = _free(case) and asked and says_otherwise(case) and not case.expected_new
    return float(differs and not unsure(case.output) and len(case.output.words) > 3)


def _years(case: FailureCase) -> float:
    ours, wanted = case.output.years, case.expected.years
    return float(bool(ours and wanted) and max(wanted) > max(ours))


def _version(case: FailureCase) -> float:
    pattern = r"(?i)\b(?:v|version )\d+(?:\.\d+)*|\b\d+\.\d+(?:\.\d+)+"
    ours, wanted = (
        set(re.findall(pattern, case.output.raw)),
        set(re.findall(pattern, case.expected.raw)),
    )
    return float(bool(wanted - ours))


def _claims(case: FailureCase) -> float:
    if case.passage or case.expected or not case.output:
        return 0.0
    return min(len(case.output_new), 4) / 4


def _open_answer(case: FailureCase) -> float:
    alone = not case.passage and not case.expected and not case.note
    return float(alone and bool(case.input) and len(case.output.words) >= 6)


def _sources(case: FailureCase) -> float:
    new = case.output.urls - case.input.urls - case.context.urls - case.expected.urls
    cites = set(CITES.findall(case.output.raw.lower())) - set(
        CITES.findall((case.input.raw + case.context.raw).lower())
    )
    return 1.0 if new else min(len(cites), 2) / 2


def _new(case: FailureCase) -> str:
    new = case.expected_new
    for name, kind in (
        ("a link", case.expected.urls),
        ("a date", case.expected.dates),
        ("a number", frozenset(case.expected.numbers)),
    ):
        if new & kind:
            return name
    return "a name"


FACTS: tuple[Feature, ...] = (
    Feature(
        "passage_holds_expected",
        lambda c: float(held(c) and says_otherwise(c) and not unsure(c.expected)),
        "the text shown to the model contains the wanted answer, and the output says otherwise",
        {M.UNFAITHFUL: 2.2, M.RETRIEVAL_MISS: -2, M.MISSING_KNOWLEDGE: -1.5, M.FABRICATION: -1},
    ),
    Feature(
        "passage_lacks_expected",
        lambda c: _lacks(c) * (1.0 if c.context else 0.25),
        "the wanted answer is nowhere in the text shown to the model",
        {M.RETRIEVAL_MISS: 2.2, M.UNFAITHFUL: -0.7, M.STALE_KNOWLEDGE: 0.3},
    ),
    Feature(
        "output_follows_wrong_passage",
        lambda c: float(bool(c.context) and _lacks(c) > 0 and c.output_support > 0.5),
        "the output follows the text that was shown, which does not hold the wanted answer",
        {M.RETRIEVAL_MISS: 1, M.UNFAITHFUL: -1, M.STALE_KNOWLEDGE: 0.5},
    ),
    Feature(
        "output_beyond_passage",
        _beyond,
        "the output says things that the text shown to the model does not",
        {M.UNFAITHFUL: 1.8, M.FABRICATION: 0.4},
    ),
    Feature(
        "output_within_passage",
        lambda c: float(bool(c.passage) and bool(c.output) and not c.expected) * c.output_support,
        "the output stays close to the text shown to the model",
        {M.UNFAITHFUL: 0.8, M.RETRIEVAL_MISS: 0.3},
    ),
    Feature(
        "expected_abstains",
        lambda c: float(bool(c.output) and unsure(c.expected) and not unsure(c.output)),
        "the wanted answer says that this is not known, and the output claims to know",
        {M.FABRICATION: 1.3, M.UNFAITHFUL: 0.4, M.STALE_KNOWLEDGE: -0.5},
    ),
    Feature(
        "output_abstains",
        lambda c: float(unsure(c.output) and not unsure(c.expected)),
        "the output says that it does not know",
        {M.MISSING_KNOWLEDGE: 1.6, M.RETRIEVAL_MISS: 0.5, M.PROCEDURE: 0.3, M.FABRICATION: -1.5},
    ),
    Feature(
        "rival_facts",
        _rival,
        "the wanted answer holds {} that is nowhere in what the model was shown, and the "
        "output states something else",
        {M.FABRICATION: 1.3, M.MISSING_KNOWLEDGE: 0.9, M.STALE_KNOWLEDGE: 0.4},
        _new,
    ),
    Feature(
        "rival_answer",
        _rival_words,
        "to a question of fact the output gives another answer than the wanted one, and "
        "nothing shown holds either",
        {M.FABRICATION: 1.2, M.MISSING_KNOWLEDGE: 0.4},
    ),
    Feature(
        "later_year",
        _years,
        "the wanted answer names a later year than the output",
        {M.STALE_KNOWLEDGE: 1.6},
    ),
    Feature(
        "other_version",
        _version,
        "the wanted answer names another version than the output",
        {M.STALE_KNOWLEDGE: 0.8, M.MISSING_KNOWLEDGE: 0.3},
    ),
    Feature(
        "asks_for_recent",
        lambda c: float(bool(RECENT.search(c.question.raw)) and not c.passage),
        "the question asks how things are now",
        {M.STALE_KNOWLEDGE: 0.9},
    ),
    Feature(
        "expected_changed",
        lambda c: float(bool(CHANGED.search(c.expected.raw)) and c.both),
        "the wanted answer tells of a change",
        {M.STALE_KNOWLEDGE: 1.2},
    ),
    Feature(
        "claims_without_ground",
        _claims,
        "the output states names, numbers or dates that are nowhere in what the model was shown",
        {M.FABRICATION: 1.2},
    ),
    Feature(
        "open_answer",
        _open_answer,
        "an open request was answered, and nothing shown supports the answer",
        {M.FABRICATION: 0.9, M.UNDERSPECIFIED: -0.4},
    ),
    Feature(
        "sources_without_ground",
        _sources,
        "the output names sources or links that are nowhere in what the model was shown",
        {M.FABRICATION: 1.3},
    ),
    Feature(
        "fact_question",
        lambda c: float(bool(FACT.search(c.question.raw)) and not c.passage),
        "the question asks for a fact",
        {M.FABRICATION: 0.5, M.MISSING_KNOWLEDGE: 0.4},
    ),
)
