"""Triage: rules + failures + remedies -> Assessment. The same input gives the same assessment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from advisor.core.strict import digest
from advisor.domain.assessment import (
    Assessment,
    EvidenceItem,
    FailureReading,
    Fingerprints,
)
from advisor.failures.classifier import load_classifier
from advisor.failures.failure_reader import FailureReader
from advisor.failures.second_opinion.advised_reader import advised
from advisor.intake.suggestions.reader import Reader, Suggestion, load_reader
from advisor.pilot.probing.probe_cache import KeptProbe, kept_probes
from advisor.proposal import Draft, Failure
from advisor.rules import RuleBook, load
from advisor.triage.decision import Decision
from advisor.triage.evidence import Facts
from advisor.triage.explain import (
    TOO_LITTLE,
    case_against,
    compromise,
    headline,
    other_action,
    plan,
    settle,
)
from advisor.triage.judge import Judge
from advisor.triage.probe_evidence import ProbeEvidence, probe_evidence
from advisor.triage.reasons import (
    evidence_item,
    groups,
    matrix,
    ranking,
    retrieval_stages,
    veto_hit,
)
from advisor.triage.sensitivity import flips, next_questions
from advisor.triage.value import figures
from advisor.vocabulary import (
    Remedy,
    combination_name,
)

ABSTAIN_BELOW = 0.5
"""Confidence under which the advisor calls its answer a guess."""


@dataclass(frozen=True)
class Tools:
    """What triage needs, loaded once and shared by all sessions."""

    book: RuleBook
    classifier: FailureReader
    reader: Reader


def load_tools(rules: Path | None = None, classifier: FailureReader | None = None) -> Tools:
    """Load rules, classifier and reader; each is cached, and edited rules are read again.

    Args:
        rules: folder with rules, if not those that ship.
        classifier: what reads failures, if not the one that ships.
    """
    return Tools(load(rules), classifier or load_classifier(), load_reader())


def suggestions(draft: Draft, tools: Tools) -> tuple[Suggestion, ...]:
    """Return answers read from the words for questions that nobody answered or rejected."""
    return tuple(
        item
        for item in tools.reader.suggest(draft)
        if draft.answers.get(item.question) is None
        and item.question not in draft.dismissed
        and item.question in tools.book.questions
    )


def facts_of(draft: Draft, suggested: Sequence[Suggestion]) -> Facts:
    """Join what a person answered with what was read from the words."""
    given = {name: answer for name, answer in draft.answers.items() if answer is not None}
    read = {item.question: item.answer for item in suggested}
    return Facts({**read, **given}, {item.question: item.sure for item in suggested})


def triage(draft: Draft, tools: Tools) -> Assessment:
    """Recommend a remedy for `draft`, with reasons, doubts and what would change it."""
    tools = replace(tools, classifier=advised(tools.classifier, draft.failures))
    facts = facts_of(draft, suggestions(draft, tools))
    read = tools.classifier.read(draft.failures, draft.corrections)
    probes = _probes_of(draft.failures, read)
    probe = probe_evidence(probes, read, figures(tools.book.remedies).centre)
    prints = _fingerprints(draft, tools, probe)
    judge = Judge(tools.book, matrix(probe.readings), probe.shift)
    decision = Decision(judge, facts, seed=int(digest(prints.model_dump())[:8], 16))
    return _assessment(draft, tools, decision, probe, prints)


def _probes_of(
    failures: Sequence[Failure], readings: Sequence[FailureReading]
) -> dict[str, KeptProbe]:
    """Return what probes found, by id of the failure."""
    kept = kept_probes().of(failures) if failures else {}
    return {
        reading.id: kept[failure.key]
        for failure, reading in zip(failures, readings, strict=True)
        if failure.key in kept
    }


def _fingerprints(draft: Draft, tools: Tools, probe: ProbeEvidence) -> Fingerprints:
    """Return what the result depends on; the reader is a classifier too."""
    read_by = [tools.classifier.fingerprint, tools.reader.fingerprint]
    return Fingerprints(
        proposal=draft.fingerprint,
        rules=tools.book.fingerprint,
        classifier=digest([*read_by, probe.fingerprint] if probe.fingerprint else read_by),
    )


def _assessment(
    draft: Draft, tools: Tools, decision: Decision, probe: ProbeEvidence, prints: Fingerprints
) -> Assessment:
    """Put everything together."""
    book, facts, readings = tools.book, decision.facts, probe.readings
    judge, judgement = decision.judge, decision.judgement
    options = ranking(decision)
    best = next(
        option for option in options if option.remedies == combination_name(decision.chosen)
    )
    too_little = _too_little(draft, facts, readings)
    abstained = too_little or best.wins < ABSTAIN_BELOW
    questions = next_questions(judge, facts, judgement, set(draft.answers))
    other = _other_action(decision)
    causes, stages = decision.causes(), retrieval_stages(readings)
    evidence = _evidence(decision, probe)
    doubts = [TOO_LITTLE] if too_little else compromise(options, best)
    return Assessment(
        title=draft.title,
        requested=draft.requested,
        recommendation=best.remedies,
        other=other,
        abstained=abstained,
        confidence=best.wins,
        headline=headline(best, other, causes, abstained),
        settle=settle(questions, decision.more_failures(ABSTAIN_BELOW), doubts)
        if abstained
        else (),
        causes=causes,
        modes=decision.modes(),
        ranking=options,
        evidence=evidence,
        vetoes=tuple(veto_hit(veto, facts, book) for veto in decision.vetoes),
        case_against=case_against(options, best, decision.missed(), evidence, other),
        failures=readings,
        groups=groups(readings, decision.fixes - judge.figures.overhead[:, None], book),
        retrieval=stages,
        next_questions=questions,
        flips=flips(judge, facts, judgement),
        unknown=tuple(name for name in book.questions if name not in facts.answers),
        plan=plan(best.remedies, other, stages, book),
        fingerprints=prints,
        classifier=tools.classifier.version,
    )


def _too_little(draft: Draft, facts: Facts, readings: Sequence[FailureReading]) -> bool:
    answered = sum(answer is not None for answer in draft.answers.values())
    return not readings and answered + len(facts.sure) < 3


def _other_action(decision: Decision) -> str | None:
    """Return what `other` means here, where it is recommended."""
    if Remedy.OTHER not in decision.chosen:
        return None
    return other_action(decision.repaired_by(Remedy.OTHER), decision.facts.answers)


def _evidence(decision: Decision, probe: ProbeEvidence) -> tuple[EvidenceItem, ...]:
    """Return what probes and rules say, the weightiest first."""
    judge, facts = decision.judge, decision.facts
    rules = [evidence_item(weight, facts, judge.book) for weight in judge.weights(facts)]
    return tuple(sorted([*probe.items, *rules], key=lambda item: -abs(item.weight)))
