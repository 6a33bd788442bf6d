"""The lookups that a record needs, written by hand."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.domain.sources import Source, Spread
from advisor.presentation.wording import CAUSES, MODES, REMEDIES
from advisor.rules.schema.rule_schema import Fix, Meaning, Question, RemedyCard, Taxonomy
from advisor.vocabulary import Cause, Mode, Remedy


@dataclass(frozen=True)
class Book:
    """The lookups that a record needs."""

    questions: dict[str, Question]
    taxonomy: Taxonomy
    remedies: dict[Remedy, RemedyCard]


def question(name: str, ask: str, kind: str = "yes_no", **more: object) -> Question:
    return Question.model_validate({
        "id": name,
        "ask": ask,
        "why": "It decides what would help.",
        "example": "A price list that changes every Monday.",
        "section": "need",
        "type": kind,
        **more,
    })


QUESTIONS = {
    item.id: item
    for item in (
        question("needs_private_or_new_facts", "Do answers need facts the model never saw?"),
        question(
            "facts_change_often",
            "How often do the facts change?",
            "choice",
            options=("daily", "weekly", "monthly", "yearly", "never"),
            labels={"weekly": "every week"},
        ),
        question("must_cite_sources", "Must answers name their source?"),
        question("labelled_examples", "How many examples are there?", "number", unit="examples"),
        question(
            "prompting_tried",
            "How far has prompting been taken?",
            "choice",
            options=("none", "basic", "systematic with few-shot and evals"),
            labels={"basic": "a first prompt, not measured"},
        ),
        question("style_or_tone", "Is the tone of the answers part of the problem?"),
        question("eval_set_exists", "Is there a set of cases to measure on?"),
        question("hosting_settled", "Is it settled who hosts and retrains a tuned model?"),
        question("regulated", "Is the wording of answers regulated?"),
    )
}


def _meaning(name: str, words: str) -> Meaning:
    return Meaning(id=name, name=words, meaning=f"What {words} means.", example="One.", prior=0.1)


def _card(remedy: Remedy, build: tuple[float, float, float], keep: float) -> RemedyCard:
    share = Spread(low=0.2, mid=0.4, high=0.6)
    return RemedyCard(
        id=remedy,
        name=REMEDIES[remedy],
        meaning="What it is.",
        overhead=0.05,
        build_days=spread(*build),
        keep_days_per_month=spread(keep / 2, keep, keep * 2),
        fixes=tuple(Fix(mode=mode, share=share, source="ovadia-2024") for mode in Mode),
        first=("Begin.",),
        stop="Stop.",
    )


def spread(low: float, mid: float, high: float) -> Spread:
    return Spread(low=low, mid=mid, high=high)


BOOK = Book(
    questions=QUESTIONS,
    taxonomy=Taxonomy(
        causes=tuple(_meaning(cause, CAUSES[cause]) for cause in Cause),
        modes=tuple(_meaning(mode, MODES[mode]) for mode in Mode),
    ),
    remedies={
        Remedy.PROMPTING: _card(Remedy.PROMPTING, (1, 3, 5), 0.5),
        Remedy.RETRIEVAL: _card(Remedy.RETRIEVAL, (5, 12, 25), 2),
        Remedy.FINE_TUNING: _card(Remedy.FINE_TUNING, (10, 25, 60), 4),
        Remedy.OTHER: _card(Remedy.OTHER, (2, 6, 15), 1),
    },
)

OVADIA = Source(
    id="ovadia-2024",
    title="Fine-Tuning or Retrieval? Comparing Knowledge Injection in LLMs (Ovadia et al., 2024)",
    finding="Retrieval beat unsupervised fine-tuning on new facts in every model tried.",
    link="https://arxiv.org/abs/2312.05934",
    basis="read",
)
JUDGEMENT = Source(
    id="own-judgement",
    title="Measure before you change",
    finding="A model is not measured, so nobody can say that it got better.",
    basis="judgement",
)
