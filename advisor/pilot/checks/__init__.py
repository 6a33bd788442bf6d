"""Checks that keep a pilot honest: before it runs, and on what came out."""

from advisor.pilot.checks.near_duplicates import near_duplicates
from advisor.pilot.checks.registry import AFTER, CHECKS, look, look_after
from advisor.pilot.checks.skill_probes import ANSWER_TOKENS, SkillProbe, is_right, kept, probes
from advisor.pilot.checks.unseen_facts import facts_seen, unseen_facts

__all__ = [
    "AFTER",
    "ANSWER_TOKENS",
    "CHECKS",
    "SkillProbe",
    "facts_seen",
    "is_right",
    "kept",
    "look",
    "look_after",
    "near_duplicates",
    "probes",
    "unseen_facts",
]
