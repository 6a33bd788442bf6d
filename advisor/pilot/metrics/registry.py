"""Every metric, one record each."""

from __future__ import annotations

from advisor.domain.pilot_spec import Metric
from advisor.pilot.metrics.answer_match import exact, macro_f1, pattern, style
from advisor.pilot.metrics.json_metrics import follows, json_f1, json_valid
from advisor.pilot.metrics.judge_metric import judged
from advisor.pilot.metrics.metric_definition import CUT, MetricDefinition, always, each
from advisor.pilot.metrics.number_match import right_numbers
from advisor.pilot.metrics.overlap import chrf, rouge_l, rouge_l_recall, token_f1
from advisor.presentation.arm_titles import arm_title

METRICS: tuple[MetricDefinition, ...] = (
    MetricDefinition(
        Metric.EXACT,
        "Exactly right",
        "The answer is the wanted one, letter by letter; of a label only the first line counts, "
        "of JSON the meaning.",
        each(exact),
    ),
    MetricDefinition(
        Metric.MACRO_F1,
        "Macro-F1",
        "The label is the wanted one; in the figure over all cases rare labels count as much as "
        "common ones.",
        each(exact),
        macro_f1,
    ),
    MetricDefinition(
        Metric.JSON_VALID,
        "Valid JSON",
        "The whole answer is JSON, with no word around it.",
        always(json_valid),
    ),
    MetricDefinition(
        Metric.JSON_F1,
        "Fields right (F1)",
        "How many fields of the JSON are right, neither missing nor invented; words around the "
        "JSON do no harm here.",
        always(json_f1),
    ),
    MetricDefinition(
        Metric.SCHEMA,
        "Follows the schema",
        "The whole answer is JSON that follows the JSON schema.",
        each(follows),
    ),
    MetricDefinition(
        Metric.TOKEN_F1,
        "Words in common (F1)",
        "How many words the answer and the wanted one have in common, in any order.",
        always(token_f1),
    ),
    MetricDefinition(
        Metric.ROUGE_L,
        "Words in order (ROUGE-L)",
        "How many words both have in the same order, as a share of both lengths.",
        always(rouge_l),
    ),
    MetricDefinition(
        Metric.ROUGE_L_RECALL,
        "Wanted words present (ROUGE-L recall)",
        "How much of the wanted answer stands in the answer in the same order; length costs "
        "nothing.",
        always(rouge_l_recall),
    ),
    MetricDefinition(
        Metric.CHRF,
        "Letters in common (chrF)",
        "How many pieces of up to six letters both have in common: forgiving to endings of words.",
        always(chrf),
    ),
    MetricDefinition(
        Metric.REGEX,
        "Matches the pattern",
        "The answer matches the regular expression from end to end.",
        each(pattern),
    ),
    MetricDefinition(
        Metric.NUMBER,
        "Right number",
        "Every wanted number stands in the answer within the tolerance, however it is written, "
        "and not among many others.",
        each(right_numbers),
    ),
    MetricDefinition(
        Metric.STYLE,
        "Style kept",
        "Length and required or forbidden words are as the specification says.",
        each(style),
    ),
    MetricDefinition(
        Metric.JUDGE,
        "Judged by a model",
        "A judge model says from 0 to 1 how well the answer does what the wanted one does; it can "
        "be wrong.",
        judged,
    ),
)
_BY_NAME = {metric.name: metric for metric in METRICS}


def definition_of(name: Metric) -> MetricDefinition:
    """Return the record of a metric."""
    return _BY_NAME[name]


def column_title(name: str) -> str:
    """Return what a column of scores is called: an arm, a metric, or the share of cut answers."""
    if name == CUT:
        return "Cut at the limit of tokens"
    return definition_of(Metric(name)).title if name in set(Metric) else arm_title(name)
