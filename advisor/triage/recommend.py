"""Triage: rules + failures + remedies -> Assessment. The same input gives the same assessment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from advisor.core.strict import digest
from advisor.domain.assessment import (
    Assessment,
    EvidenceItem,
    FailureReading,
    Fingerprints,
    NextQuestion,
    Option,
    VetoHit,
)
from advisor.domain.sources import Spread
from advisor.failures.classifier import load_classifier
from advisor.failures.failure_reader import FailureReader
from advisor.failures.second_opinion.weight import advised
from advisor.intake.suggestions.reader import Reader, Suggestion, load_reader
from advisor.pilot.probing.probe_cache import KeptProbe, kept_probes
from advisor.proposal import Draft, Failure
from advisor.rules import RuleBook, load
from advisor.triage.evidence import MODES, REMEDIES, Array, Facts, Weight
from advisor.triage.explain import (
    TOO_LITTLE,
    case_against,
    compromise,
    headline,
    other_action,
    plan,
    settle,
)
from advisor.triage.judge import Judge, Judgement, forbids, winner_name
from advisor.triage.probe_evidence import ProbeEvidence, probe_evidence
from advisor.triage.reasons import evidence_item, groups, matrix, retrieval_stages, veto_hit
from advisor.triage.sensitivity import flips, next_questions
from advisor.triage.value import DRAWS, draws, figures, fixed, winners
from advisor.vocabulary import (
    CAUSE_OF,
    COMBINATIONS,
    Cause,
    Combination,
    Mode,
    Remedy,
    combination_name,
)

ABSTAIN_BELOW = 0.5
"""Confidence under which the advisor calls its answer a guess."""
MORE_FAILURES = (5, 10, 20, 40, 80)


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
    suggested = suggestions(draft, tools)
    readings = tools.classifier.read(draft.failures, draft.corrections)
    probes = _probes_of(draft.failures, readings)
    probe = probe_evidence(probes, readings, figures(tools.book.remedies).centre)
    case = TriageRun(draft, tools, facts_of(draft, suggested), probe)
    return case.assessment()


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


@dataclass(frozen=True)
class TriageRun:
    """One draft with everything read from it."""

    draft: Draft
    tools: Tools
    facts: Facts
    probe: ProbeEvidence

    @property
    def readings(self) -> tuple[FailureReading, ...]:
        """What the failures look like, in the light of what probes found."""
        return self.probe.readings

    @cached_property
    def judge(self) -> Judge:
        """Rules and readings, ready to judge."""
        return Judge(self.tools.book, matrix(self.readings), self.probe.shift)

    @cached_property
    def judgement(self) -> Judgement:
        """The judgement on the facts as they are."""
        return self.judge.judge(self.facts)

    @cached_property
    def chosen(self) -> Combination:
        """The recommended combination."""
        return winner_name(self.judgement)

    @cached_property
    def weights(self) -> list[Weight]:
        """Rules that fired, strongest first."""
        return self.judge.weights(self.facts)

    @cached_property
    def fingerprints(self) -> Fingerprints:
        """What the result depends on; the reader is a classifier too."""
        tools, probed = self.tools, self.probe.fingerprint
        read_by = [tools.classifier.fingerprint, tools.reader.fingerprint]
        return Fingerprints(
            proposal=self.draft.fingerprint,
            rules=tools.book.fingerprint,
            classifier=digest([*read_by, probed] if probed else read_by),
        )

    @cached_property
    def wins(self) -> Array:
        """Share of draws in which each combination wins, shape (11,)."""
        return self._wins(self.judgement.alpha[0])

    def _wins(self, alpha: Array) -> Array:
        shares, _ = self._draw(alpha)
        won = winners(shares - self.judge.cost, self.judge.cost, self.judgement.allowed[0])
        return np.bincount(won, minlength=len(COMBINATIONS)) / DRAWS

    def _draw(self, alpha: Array) -> tuple[Array, Array]:
        seed = int(digest(self.fingerprints.model_dump())[:8], 16)
        mixes, odds = draws(alpha, self.judgement.odds[0], self.judge.figures.spread, seed)
        return fixed(mixes, odds), mixes

    def assessment(self) -> Assessment:
        """Put everything together."""
        book, answers = self.tools.book, self.facts.answers
        ranking, evidence = self._ranking(), self._evidence()
        best = next(
            option for option in ranking if option.remedies == combination_name(self.chosen)
        )
        abstained = self._too_little() or best.wins < ABSTAIN_BELOW
        open_questions = next_questions(self.judge, self.facts, self.judgement, self._asked())
        other = (
            other_action(self._repaired_by_other(), answers)
            if Remedy.OTHER in self.chosen
            else None
        )
        modes, causes = self._modes(), self._causes()
        stages = retrieval_stages(self.readings)
        return Assessment(
            title=self.draft.title,
            requested=self.draft.requested,
            recommendation=best.remedies,
            other=other,
            abstained=abstained,
            confidence=best.wins,
            headline=headline(best, other, causes, abstained),
            settle=self._settle(open_questions, ranking, best) if abstained else (),
            causes=causes,
            modes=modes,
            ranking=ranking,
            evidence=evidence,
            vetoes=self._vetoes(),
            case_against=case_against(ranking, best, self._missed(), evidence, other),
            failures=self.readings,
            groups=groups(self.readings, self.fixes - self.judge.figures.overhead[:, None], book),
            retrieval=stages,
            next_questions=open_questions,
            flips=flips(self.judge, self.facts, self.judgement),
            unknown=tuple(name for name in book.questions if name not in answers),
            plan=plan(best.remedies, other, stages, book),
            fingerprints=self.fingerprints,
            classifier=self.tools.classifier.version,
        )

    def _evidence(self) -> tuple[EvidenceItem, ...]:
        book = self.tools.book
        rules = [evidence_item(weight, self.facts, book) for weight in self.weights]
        return tuple(sorted([*self.probe.items, *rules], key=lambda one: -abs(one.weight)))

    def _vetoes(self) -> tuple[VetoHit, ...]:
        book = self.tools.book
        return tuple(veto_hit(veto, self.facts, book) for veto in self.judge.vetoes(self.facts))

    def _asked(self) -> set[str]:
        return set(self.draft.answers)

    def _too_little(self) -> bool:
        answered = sum(answer is not None for answer in self.draft.answers.values())
        return not self.readings and answered + len(self.facts.sure) < 3

    def _settle(
        self, questions: Sequence[NextQuestion], ranking: Sequence[Option], best: Option
    ) -> tuple[str, ...]:
        doubts = [TOO_LITTLE] if self._too_little() else compromise(ranking, best)
        place = COMBINATIONS.index(self.chosen)
        alpha, mix = self.judgement.alpha[0], self.judgement.mix[0]
        enough = (n for n in MORE_FAILURES if self._wins(alpha + n * mix)[place] >= ABSTAIN_BELOW)
        return settle(questions, next(enough, None), doubts)

    def _modes(self) -> dict[Mode, float]:
        return {
            mode: round(float(share), 4)
            for mode, share in zip(MODES, self.judgement.mix[0], strict=True)
        }

    def _causes(self) -> dict[Cause, float]:
        mix = dict(zip(MODES, self.judgement.mix[0], strict=True))
        return {
            cause: round(float(sum(mix[mode] for mode in MODES if CAUSE_OF[mode] is cause)), 4)
            for cause in Cause
        }

    @cached_property
    def fixes(self) -> Array:
        """Chance that a remedy fixes a mode here, shape (4, 12)."""
        return np.asarray(1 / (1 + np.exp(-self.judgement.odds[0])))

    def _by_mode(self, chance: Array) -> dict[Mode, float]:
        return dict(zip(MODES, (self.judgement.mix[0] * chance).tolist(), strict=True))

    def _repaired_by_other(self) -> dict[Mode, float]:
        return self._by_mode(self.fixes[REMEDIES.index(Remedy.OTHER)])

    def _missed(self) -> dict[Mode, float]:
        rows = [REMEDIES.index(remedy) for remedy in self.chosen]
        return self._by_mode(np.prod(1 - self.fixes[rows], axis=0))

    def _ranking(self) -> tuple[Option, ...]:
        shares, _ = self._draw(self.judgement.alpha[0])
        low, high = np.quantile(shares, [0.1, 0.9], axis=0)
        mid = shares.mean(axis=0)
        options = [
            self._option(place, Spread(low=min(lo, mi), mid=mi, high=max(hi, mi)))
            for place, (lo, mi, hi) in enumerate(
                np.round(np.stack([low, mid, high], 1), 4).tolist()
            )
        ]
        best = combination_name(self.chosen)
        return tuple(
            sorted(options, key=lambda o: (o.remedies != best, bool(o.vetoed_by), -o.value))
        )

    def _option(self, place: int, share: Spread) -> Option:
        chosen = COMBINATIONS[place]
        cards = [self.tools.book.remedies[remedy] for remedy in chosen]
        overhead = float(self.judge.cost[place])
        return Option(
            remedies=combination_name(chosen),
            expected_fixed=share,
            overhead=round(overhead, 4),
            value=round(share.mid - overhead, 4),
            wins=round(float(self.wins[place]), 4),
            build_days=_total([card.build_days for card in cards]),
            keep_days_per_month=_total([card.keep_days_per_month for card in cards]),
            vetoed_by=tuple(
                veto.id for veto in self.judge.vetoes(self.facts) if forbids(veto.record, chosen)
            ),
        )


def _total(parts: Sequence[Spread]) -> Spread:
    return Spread(
        low=sum(part.low for part in parts),
        mid=sum(part.mid for part in parts),
        high=sum(part.high for part in parts),
    )
