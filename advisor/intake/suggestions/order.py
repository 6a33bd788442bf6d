"""The order of the form's questions."""

from __future__ import annotations

from collections.abc import Callable

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
