"""The sentences written for this project, from which the head is trained."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from advisor.core.strict import Strict
from advisor.intake.suggestions.head import (
    Floats,
    features,
    grams,
)
from advisor.models.encoder import DEFAULT, load_encoder
from advisor.proposal import Answer

FOLDER = Path(__file__).with_name("sentences")
NUMBERS = frozenset({"n_labels", "labelled_examples", "requests_per_day"})
"""Questions whose answer is a number: a sentence states one or not."""
_SILENT_ON = {
    "needs_private_or_new_facts": {
        "facts_change_often", "long_tail_facts", "retrieval_tried", "corpus_fits_in_prompt",
    },
    "long_tail_facts": {"needs_private_or_new_facts"},
    "quality_already_accepted": {
        "latency_or_cost_pressure", "larger_model_fixes_it", "style_or_tone",
    },
    "latency_or_cost_pressure": {"quality_already_accepted"},
    "custom_label_scheme": {
        "plain_language_labels", "n_labels", "examples_consistent", "rules_change_often",
    },
    "n_labels": {"custom_label_scheme"},
    "knows_but_inconsistent": {"prompting_tried"},
    "eval_set_exists": {"prompting_tried"},
    "prompting_tried": {"constrained_decoding_tried"},
    "output_format_strict": {"constrained_decoding_tried"},
    "request_is_clear": {"examples_consistent"},
    "style_or_tone": {"many_user_styles"},
    "needs_exact_calculation": {"reasoning_or_tool_problem"},
    "reasoning_or_tool_problem": {"needs_exact_calculation"},
    "one_document_at_a_time": {"corpus_fits_in_prompt"},
    "facts_change_often": {"rules_change_often"},
}  # fmt: skip
"""An exemplar of one of the questions on the right may also answer the one on the left unsaid."""


class LabelledSentence(Strict):
    """One sentence and what it answers; nothing for a neutral one."""

    text: str
    domain: str
    labels: dict[str, Answer]

    def says(self, question: str, answer: Answer) -> bool:
        """Return whether it gives this answer; `None` stands for any number."""
        if question not in self.labels:
            return False
        return answer is None or self.labels[question] == answer

    def counts(self, question: str) -> bool:
        """Return whether it may be used to learn about a question, for or against."""
        return question in self.labels or not _SILENT_ON.get(question, set()) & self.labels.keys()


def load_exemplars(folder: Path = FOLDER) -> list[LabelledSentence]:
    """Return every exemplar, in the order of the files' names and lines."""
    lines = (
        line
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    )
    return [LabelledSentence.model_validate(json.loads(line)) for line in lines if line]


def outputs_of(exemplars: list[LabelledSentence]) -> list[tuple[str, Answer]]:
    """Return every (question, answer) that occurs, sorted; one a question with numbers."""
    return sorted(
        {
            (question, None if question in NUMBERS else answer)
            for exemplar in exemplars
            for question, answer in exemplar.labels.items()
        },
        key=str,
    )


def table(
    exemplars: list[LabelledSentence], outputs: list[tuple[str, Answer]]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return who says what and who counts, both of shape (exemplars, outputs)."""
    says = np.array([[sentence.says(*output) for output in outputs] for sentence in exemplars])
    counts = np.array([
        [sentence.counts(question) for question, _ in outputs] for sentence in exemplars
    ])
    return says, counts


MIN_DOMAINS = 3
"""A word must occur in so many domains: then the topic gives nothing away."""


@dataclass(frozen=True)
class TrainingMaterial:
    """Everything that training needs, aligned by exemplar."""

    exemplars: list[LabelledSentence]
    outputs: list[tuple[str, Answer]]
    columns: Floats
    words: dict[str, int]
    says: NDArray[np.bool_]
    counts: NDArray[np.bool_]

    @property
    def questions(self) -> list[str]:
        """Every question that an exemplar answers, sorted."""
        return sorted({question for question, _ in self.outputs})

    @property
    def belongs(self) -> NDArray[np.intp]:
        """The place of each output's question, shape (outputs,)."""
        return np.array([self.questions.index(question) for question, _ in self.outputs])


def gather() -> TrainingMaterial:
    """Read and embed the exemplars."""
    exemplars = load_exemplars()
    texts = [sentence.text for sentence in exemplars]
    outputs = outputs_of(exemplars)
    words = _vocabulary(exemplars)
    columns = features(load_encoder(DEFAULT).encode(texts), texts, words)
    return TrainingMaterial(exemplars, outputs, columns, words, *table(exemplars, outputs))


def _vocabulary(exemplars: list[LabelledSentence]) -> dict[str, int]:
    domains: dict[str, set[str]] = defaultdict(set)
    for exemplar in exemplars:
        for gram in grams(exemplar.text):
            domains[gram].add(exemplar.domain)
    kept = sorted(gram for gram, where in domains.items() if len(where) >= MIN_DOMAINS)
    return {gram: place for place, gram in enumerate(kept)}
