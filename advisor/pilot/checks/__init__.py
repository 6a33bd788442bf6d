"""Checks that keep a pilot honest: before it runs, and on what came out."""

from advisor.pilot.checks.near_duplicates import near_duplicates
from advisor.pilot.checks.registry import DATA_CHECKS, check_answers, check_data
from advisor.pilot.checks.skill_probes import ANSWER_TOKENS, is_right, skill_findings, skill_probes
from advisor.pilot.checks.unseen_facts import facts_seen, unseen_facts

__all__ = [
    "ANSWER_TOKENS",
    "DATA_CHECKS",
    "case_checks",
    "check_answers",
    "check_data",
    "facts_seen",
    "is_right",
    "label_checks",
    "near_duplicates",
    "skill_findings",
    "skill_probes",
    "unseen_facts",
]
