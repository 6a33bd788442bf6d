"""The sentences written for this project, from which the head is trained."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from advisor.core.strict import Strict
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
    says = np.array([[one.says(*output) for output in outputs] for one in exemplars])
    counts = np.array([[one.counts(question) for question, _ in outputs] for one in exemplars])
    return says, counts
