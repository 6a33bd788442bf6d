"""What reading returns, and the pieces of text it reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from advisor.core.strict import Strict
from advisor.proposal import Answer

Where = Literal["title", "description", "current prompt", "retrieval", "failure note", "document"]


class Suggestion(Strict):
    """An answer that the words support; a person confirms or rejects it."""

    question: str
    answer: Answer
    sentence: str
    """What it rests on, letter for letter as in the text."""
    where: Where
    sure: float = Field(ge=0, le=1)
    """Chance that the answer is right, calibrated."""


@dataclass(frozen=True)
class Sentence:
    """One sentence, letter for letter, and the text it is from."""

    text: str
    where: Where

    @property
    def plain(self) -> str:
        """The sentence on one line, with straight quotes and single spaces."""
        return plain(self.text)


@dataclass(frozen=True)
class Hint:
    """One piece of evidence: a sentence speaks for an answer, with a chance of being right."""

    question: str
    answer: Answer
    sentence: Sentence
    sure: float


_STRAIGHT = str.maketrans({
    "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "\u202f": " ",
})  # fmt: skip


def plain(text: str) -> str:
    """Return `text` on one line, with straight quotes and hyphens and single spaces."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join(text.translate(_STRAIGHT).split())


ORDER = (
    "needs_private_or_new_facts", "facts_change_often", "must_cite_sources",
    "corpus_fits_in_prompt", "one_document_at_a_time", "long_tail_facts", "request_is_clear",
    "needs_exact_calculation", "style_or_tone", "many_user_styles", "output_format_strict",
    "custom_label_scheme", "n_labels", "plain_language_labels", "knows_but_inconsistent",
    "rules_change_often", "reasoning_or_tool_problem", "prompting_tried", "retrieval_tried",
    "right_passage_shown", "constrained_decoding_tried", "larger_model_fixes_it",
    "quality_already_accepted", "labelled_examples", "examples_consistent", "eval_set_exists",
    "personal_data", "regulated", "latency_or_cost_pressure", "requests_per_day",
    "small_model_required", "hosting_settled",
)  # fmt: skip


def question_order() -> Callable[[str], int]:
    """Return the place of a question in the form; an unknown one comes last."""
    places = {question: place for place, question in enumerate(ORDER)}
    return lambda question: places.get(question, len(places))
