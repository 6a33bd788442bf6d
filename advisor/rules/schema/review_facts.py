"""What the advisor itself knows about a proposal under review; `approval.yaml` may use it."""

from __future__ import annotations

from typing import Literal

from advisor.rules.schema.rule_schema import ConditionSubject

PILOT_SAYS = ("none", "confirmed", "contradicted", "inconclusive", "another way")
"""What the pilot found about fine-tuning; `another way`: it tested another arm."""


def _fact(
    id: str,
    ask: str,
    why: str,
    type: Literal["yes_no", "number", "choice"] = "yes_no",
    options: tuple[str, ...] = (),
    unit: str = "",
) -> ConditionSubject:
    return ConditionSubject(
        id=id, ask=ask, why=why, example="", type=type, options=options, unit=unit
    )


FACTS: tuple[ConditionSubject, ...] = (
    _fact(
        "requests_fine_tuning",
        "Is fine-tuning, alone or with something else, what is asked for?",
        "Only training needs an approval.",
    ),
    _fact(
        "assessed",
        "Did the advisor assess this very version?",
        "A recommendation about an older version says nothing about this one.",
    ),
    _fact(
        "against_advice",
        "Does the advisor recommend something without fine-tuning?",
        "Then the owner must say why it is asked for all the same.",
    ),
    _fact(
        "request_vetoed",
        "Does a rule of triage rule out what is asked for?",
        "A veto is set aside only by the risk role.",
    ),
    _fact(
        "failures_given",
        "How many failures does the proposal show?",
        "A problem that nobody can show cannot be judged.",
        "number",
    ),
    _fact(
        "modifier_share",
        "Which share of the threshold for a new provider does the training reach, in percent?",
        "From a third of the original compute on, who modifies a model answers for it.",
        "number",
        unit="%",
    ),
    _fact(
        "pilot_says",
        "What did the pilot find about fine-tuning?",
        "Adoption rests on evidence.",
        "choice",
        PILOT_SAYS,
    ),
    _fact(
        "pilot_over_limit",
        "Did the pilot take more time than was approved?",
        "What was approved has a limit.",
    ),
    _fact(
        "evidence_stale",
        "Has the base model, the data or a rule that fired changed since the pilot was approved?",
        "Evidence about another model or other data does not count.",
    ),
)
