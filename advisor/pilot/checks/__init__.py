"""Checks that keep a pilot honest: before it runs, and on what came out."""

from advisor.pilot.checks.catalogue import AFTER, CHECKS, look, look_after
from advisor.pilot.checks.facts import facts_seen, unseen_facts
from advisor.pilot.checks.near import near_duplicates
from advisor.pilot.checks.probes import ANSWER_TOKENS, Probe, is_right, kept, probes

__all__ = [
    "AFTER",
    "ANSWER_TOKENS",
    "CHECKS",
    "Probe",
    "facts_seen",
    "is_right",
    "kept",
    "look",
    "look_after",
    "near_duplicates",
    "probes",
    "unseen_facts",
]
