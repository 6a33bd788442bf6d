"""A realistic proposal with its assessment and lookups, written by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from small_book import BOOK, JUDGEMENT, OVADIA, QUESTIONS, spread

from advisor.domain.assessment import (
    Assessment,
    EvidenceItem,
    FailureGroup,
    FailureReading,
    Fingerprints,
    Flip,
    GivenAnswer,
    NextQuestion,
    Option,
    PlanStep,
    VetoHit,
)
from advisor.domain.sources import Spread
from advisor.presentation.wording import MODES
from advisor.proposal import Current, Draft, Failure
from advisor.vocabulary import CAUSE_OF, Cause, Mode, Remedy

AT = datetime(2026, 11, 23, 20, 25, tzinfo=UTC)

_CASES = (
    ("What is the notice period in tariff Flex 24?", "One month.", "Six weeks, since 1 March."),
    ("Does the XR-200 fit the old wall mount?", "Yes, it fits all mounts.", "No; use adapter A7."),
    ("Who signs off refunds above 500 euro?", "The shift lead.", "The regional manager."),
    ("Is the summer discount still running?", "Yes, until August.", "No, it ended on 30 June."),
    ("Which form for a change of address?", "Form 12-B.", "Online only; the form is gone."),
    (
        "What does the care plan cover?",
        "Article 14.3 of the plan.",
        "No such article exists.",
    ),
    ("Can I return opened filters?", "See our page on filter returns.", "No such page exists."),
    ("Where is my parcel?", "hey!! no worries, it'll come :)", "Your parcel arrives on Friday."),
    ("My invoice is wrong.", "Ugh, that sounds annoying.", "I am sorry. I have asked billing."),
    ("Cancel my contract.", "Done! Anything else?", "Please confirm your customer number first."),
    ("Reset my router remotely.", "Reset started.", "Verify the caller before any reset."),
    ("Help", "How can I help?", ""),
)
_READ = (
    *[(Mode.MISSING_KNOWLEDGE, 0.84)] * 3,
    *[(Mode.STALE_KNOWLEDGE, 0.78)] * 2,
    *[(Mode.FABRICATION, 0.71)] * 2,
    *[(Mode.STYLE, 0.88)] * 2,
    *[(Mode.PROCEDURE, 0.66)] * 2,
    (Mode.UNDERSPECIFIED, 0.34),
)
_WHY = {
    Mode.MISSING_KNOWLEDGE: "The expected answer holds figures that stand nowhere in the request.",
    Mode.STALE_KNOWLEDGE: "The expected answer names a date after which the output is wrong.",
    Mode.FABRICATION: "The output cites an article that the note calls invented.",
    Mode.STYLE: "Same content, other tone.",
    Mode.PROCEDURE: "The expected answer asks for a step that the output leaves out.",
    Mode.UNDERSPECIFIED: "The request is one word.",
}

DRAFT = Draft(
    title="Answers in the support chat of a broadband provider",
    description="The assistant answers customers about tariffs, devices and contracts. It gives "
    "figures of last year and sometimes sounds too casual.",
    requested="fine_tuning",
    current=Current(model="a hosted general model", prompt="You are a helpful agent."),
    answers={
        "needs_private_or_new_facts": True,
        "facts_change_often": "weekly",
        "must_cite_sources": None,
        "labelled_examples": 1500,
        "prompting_tried": "basic",
        "style_or_tone": True,
    },
    failures=tuple(
        Failure(id=f"c{place}", input=asked, output=got, expected=wanted or None)
        for place, (asked, got, wanted) in enumerate(_CASES, start=1)
    ),
)


def given(name: str, condition: str, suggested: bool = False) -> GivenAnswer:
    return GivenAnswer(
        question=name,
        ask=QUESTIONS[name].ask,
        condition=condition,
        answer=DRAFT.answers[name],
        suggested=suggested,
    )


def evidence(name: str, title: str, weight: float, because: str, **more: object) -> EvidenceItem:
    base = {"cause": None, "counted": True, "source": OVADIA, "given": (), "topic": name}
    return EvidenceItem.model_validate({
        "id": name,
        "title": title,
        "weight": weight,
        "because": because,
        **base,
        **more,
    })


EVIDENCE = (
    evidence(
        "facts-change",
        "Facts change faster than a model can be retrained",
        2.303,
        "What is written into weights is out of date at the next change; a search index is not.",
        cause=Cause.KNOWLEDGE,
        given=(given("facts_change_often", "facts_change_often in ['daily', 'weekly']"),),
    ),
    evidence(
        "private-facts",
        "Answers need private facts",
        2.303,
        "The model never saw them, and training on them teaches form more than fact.",
        cause=Cause.KNOWLEDGE,
        given=(given("needs_private_or_new_facts", "needs_private_or_new_facts"),),
    ),
    evidence(
        "prompt-not-measured",
        "Prompting has not been tried systematically",
        1.386,
        "A good prompt with examples is the cheapest test of whether the model can do it.",
        remedy=Remedy.PROMPTING,
        source=JUDGEMENT,
        given=(given("prompting_tried", "prompting_tried != 'systematic'"),),
    ),
    evidence(
        "tone",
        "The tone is part of the problem",
        1.386,
        "Tone is behaviour: examples teach it, documents do not.",
        cause=Cause.BEHAVIOUR,
        given=(given("style_or_tone", "style_or_tone", suggested=True),),
    ),
    evidence(
        "enough-examples",
        "There are enough examples to tune on",
        0.693,
        "Above about a thousand even examples, a tuned model is steady.",
        remedy=Remedy.FINE_TUNING,
        given=(given("labelled_examples", "labelled_examples >= 1000"),),
    ),
    evidence(
        "facts-not-by-tuning",
        "Tuning does not keep facts current",
        -2.303,
        "New facts learned by tuning come with more made-up ones.",
        remedy=Remedy.FINE_TUNING,
        given=(given("facts_change_often", "facts_change_often in ['daily', 'weekly']"),),
    ),
)


def _reading(place: int, mode: Mode, sure: float) -> FailureReading:
    rest = (1 - sure) / (len(Mode) - 1)
    return FailureReading(
        id=f"c{place}",
        mode=mode,
        cause=CAUSE_OF[mode],
        probabilities={other: sure if other is mode else rest for other in Mode},
        abstained=sure < 0.5,
        why=_WHY[mode],
        corrected=place == 10,
    )


READINGS = tuple(_reading(place, *read) for place, read in enumerate(_READ, start=1))


def _group(mode: Mode, remedy: Remedy) -> FailureGroup:
    members = [reading for reading in READINGS if reading.mode is mode]
    return FailureGroup(
        mode=mode,
        name=MODES[mode].capitalize(),
        ids=tuple(reading.id for reading in members),
        share=len(members) / len(READINGS),
        certainty=sum(reading.probabilities[mode] for reading in members) / len(members),
        example=members[0].id,
        remedy=remedy,
    )


def _option(name: str, fixed: tuple[float, float, float], cost: float, wins: float) -> Option:
    parts = [BOOK.remedies[Remedy(part)] for part in name.split("+")]
    return Option(
        remedies=name,
        expected_fixed=spread(*fixed),
        overhead=cost,
        value=fixed[1] - cost,
        wins=wins,
        build_days=_sum([part.build_days for part in parts]),
        keep_days_per_month=_sum([part.keep_days_per_month for part in parts]),
        vetoed_by=("tuning-needs-an-owner",) if "fine_tuning" in name else (),
    )


def _sum(parts: list[Spread]) -> Spread:
    return spread(*(sum(getattr(part, side) for part in parts) for side in ("low", "mid", "high")))


ASSESSMENT = Assessment(
    title=DRAFT.title,
    requested="fine_tuning",
    recommendation="prompting+retrieval",
    other=None,
    abstained=False,
    confidence=0.78,
    headline="Build retrieval over the tariff and device documents and settle the tone in the "
    "prompt; fine-tuning would not keep the facts current.",
    settle=(),
    causes={
        Cause.BEHAVIOUR: 0.27,
        Cause.KNOWLEDGE: 0.62,
        Cause.SPECIFICATION: 0.07,
        Cause.CAPABILITY: 0.03,
        Cause.OPERATIONS: 0.01,
    },
    modes={
        Mode.FORMAT: 0.01,
        Mode.STYLE: 0.15,
        Mode.LABEL: 0.0,
        Mode.PROCEDURE: 0.10,
        Mode.UNFAITHFUL: 0.01,
        Mode.MISSING_KNOWLEDGE: 0.31,
        Mode.STALE_KNOWLEDGE: 0.18,
        Mode.FABRICATION: 0.11,
        Mode.RETRIEVAL_MISS: 0.02,
        Mode.UNDERSPECIFIED: 0.07,
        Mode.REASONING: 0.03,
        Mode.SYSTEM: 0.01,
    },
    ranking=(
        _option("prompting+retrieval", (0.55, 0.68, 0.79), 0.12, 0.78),
        _option("retrieval", (0.38, 0.49, 0.60), 0.09, 0.14),
        _option("prompting", (0.22, 0.34, 0.47), 0.03, 0.08),
        _option("other", (0.03, 0.08, 0.15), 0.07, 0.0),
        _option("prompting+other", (0.24, 0.36, 0.49), 0.10, 0.0),
        _option("retrieval+other", (0.40, 0.51, 0.62), 0.16, 0.0),
        _option("prompting+retrieval+fine_tuning", (0.60, 0.73, 0.84), 0.34, 0.0),
        _option("prompting+fine_tuning", (0.30, 0.42, 0.54), 0.25, 0.0),
        _option("retrieval+fine_tuning", (0.52, 0.64, 0.75), 0.31, 0.0),
        _option("fine_tuning+other", (0.24, 0.33, 0.45), 0.29, 0.0),
        _option("fine_tuning", (0.20, 0.30, 0.42), 0.22, 0.0),
    ),
    evidence=EVIDENCE,
    vetoes=(
        VetoHit(
            id="tuning-needs-an-owner",
            title="No tuned model without an owner",
            forbids=Remedy.FINE_TUNING,
            because="Nobody has agreed to host the model and to retrain it when facts change.",
            instead="Settle who hosts it and for how long, then ask again.",
            source=JUDGEMENT,
            given=(given("prompting_tried", "prompting_tried == 'basic'"),),
        ),
    ),
    case_against=(
        "A quarter of the failures is tone or procedure, which retrieval does not touch.",
        "If the documents are poor, retrieval only finds poor passages.",
    ),
    failures=READINGS,
    groups=(
        _group(Mode.MISSING_KNOWLEDGE, Remedy.RETRIEVAL),
        _group(Mode.STALE_KNOWLEDGE, Remedy.RETRIEVAL),
        _group(Mode.FABRICATION, Remedy.RETRIEVAL),
        _group(Mode.STYLE, Remedy.PROMPTING),
        _group(Mode.PROCEDURE, Remedy.PROMPTING),
        _group(Mode.UNDERSPECIFIED, Remedy.PROMPTING),
    ),
    retrieval={"not_shown": 4, "cut": 1, "misused": 2},
    next_questions=(
        NextQuestion(
            id="eval_set_exists",
            ask=QUESTIONS["eval_set_exists"].ask,
            why="Without one, nobody can tell whether a change helped.",
            gain=0.12,
            could_change_to=("prompting",),
        ),
    ),
    flips=(
        Flip(
            question="needs_private_or_new_facts",
            ask=QUESTIONS["needs_private_or_new_facts"].ask,
            given=True,
            answer=False,
            words="no",
            recommendation="prompting",
        ),
        Flip(
            question="labelled_examples",
            ask=QUESTIONS["labelled_examples"].ask,
            given=1500,
            answer=100,
            words="fewer than 200 examples",
            recommendation="retrieval",
        ),
    ),
    unknown=("must_cite_sources", "eval_set_exists", "hosting_settled", "regulated"),
    plan=(
        PlanStep(when="first", text="Write down 30 cases with the right answer and measure them."),
        PlanStep(when="this week", text="Put the tone and the required steps into the prompt."),
        PlanStep(
            when="this week", text="Index the tariff and device documents, newest version only."
        ),
        PlanStep(
            when="then", text="Measure again on the same 30 cases, and read what still fails."
        ),
        PlanStep(
            when="stop", text="Stop if the right passage is found but fewer than half are fixed."
        ),
    ),
    fingerprints=Fingerprints(proposal=DRAFT.fingerprint, rules="b1" * 32, classifier="c2" * 32),
)

ABSTAINED = ASSESSMENT.model_copy(
    update={
        "abstained": True,
        "confidence": 0.41,
        "settle": ("Answer whether facts change.", "Add eight failures with the expected answer."),
    }
)
EMPTY_DRAFT = Draft(title="", description="")
EMPTY = Assessment(
    title="",
    requested=None,
    recommendation="prompting",
    other=None,
    abstained=True,
    confidence=0.3,
    headline="Nothing is known yet; begin with the prompt.",
    settle=("Answer the first questions.",),
    causes={Cause.BEHAVIOUR: 0.5, Cause.KNOWLEDGE: 0.5},
    modes={},
    ranking=(),
    evidence=(),
    vetoes=(),
    case_against=(),
    failures=(),
    groups=(),
    retrieval={},
    next_questions=(),
    flips=(),
    unknown=tuple(QUESTIONS),
    plan=(),
    fingerprints=Fingerprints(proposal="0" * 64, rules="1" * 64, classifier="2" * 64),
)
