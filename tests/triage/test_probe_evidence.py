"""How probes count in triage."""

from pathlib import Path

import pytest

from advisor.pilot.probing.conclude import concluded
from advisor.pilot.probing.probe_cache import kept_probes
from advisor.pilot.probing.probe_records import Intervention, JudgedBy, ProbeTry
from advisor.proposal import Draft, Failure
from advisor.triage.recommend import load_tools, triage
from advisor.vocabulary import Cause, Mode

pytestmark = pytest.mark.usefixtures("home")

DRAFT = Draft(
    title="Desk",
    description="It answers questions on orders.",
    failures=tuple(
        Failure(input=f"Where is order {n}?", output="I am not sure.", expected=f"At depot {n}.")
        for n in range(6)
    ),
)


def tries(**right: bool) -> list[ProbeTry]:
    """One try of each change, as it was never right."""
    given = {"as_it_was": False, **right}
    return [
        ProbeTry(change=Intervention(name), text="…", right=value, judged_by=JudgedBy.CLOSENESS)
        for name, value in given.items()
    ]


def keep(own: bool = True, **right: bool) -> None:
    for failure in DRAFT.failures:
        kept_probes().keep(concluded(failure, tries(**right)), "their-model", own)


def test_without_a_probe_nothing_changes(home: Path) -> None:
    before = triage(DRAFT, load_tools())
    kept_probes().keep(concluded(Failure(note="another"), tries(fact=True)), "m", True)
    assert triage(DRAFT, load_tools()) == before


def test_a_fact_that_mends_points_to_knowledge_and_retrieval() -> None:
    before = triage(DRAFT, load_tools())
    keep(fact=True, stated=False, examples=False)
    after = triage(DRAFT, load_tools())
    assert after.causes[Cause.KNOWLEDGE] > before.causes[Cause.KNOWLEDGE]
    assert all(one.cause is Cause.KNOWLEDGE for one in after.failures)
    assert "Probe: With the fact supplied" in after.failures[0].why
    assert after.fingerprints.classifier != before.fingerprints.classifier
    items = {item.id: item for item in after.evidence}
    assert items["probe-retrieval"].weight > 0 > items["probe-prompting"].weight
    assert items["probe-retrieval"].title.endswith("6 of 6 failures came out right")


def test_saying_it_plainly_points_to_prompting() -> None:
    before = triage(DRAFT, load_tools())
    keep(stated=True, fact=False)
    after = triage(DRAFT, load_tools())
    assert after.causes[Cause.KNOWLEDGE] < before.causes[Cause.KNOWLEDGE]
    assert after.recommendation == "prompting"


def test_only_the_larger_model_points_to_capability() -> None:
    before = triage(DRAFT, load_tools())
    keep(stated=False, examples=False, fact=False, larger=True)
    after = triage(DRAFT, load_tools())
    assert after.causes[Cause.CAPABILITY] > before.causes[Cause.CAPABILITY]


def test_a_stand_in_counts_half_and_its_failures_count_nothing() -> None:
    keep(own=True, fact=True, stated=False)
    own = triage(DRAFT, load_tools()).causes[Cause.KNOWLEDGE]
    keep(own=False, fact=True, stated=False)
    stand_in = triage(DRAFT, load_tools()).causes[Cause.KNOWLEDGE]
    keep(own=False, fact=False, stated=False)
    nothing = triage(DRAFT, load_tools())
    assert own > stand_in > nothing.causes[Cause.KNOWLEDGE]
    assert not [item for item in nothing.evidence if item.topic == "probe"]


def test_a_persons_word_on_the_mode_stays() -> None:
    keep(fact=True, stated=False)
    corrected = DRAFT.model_copy(update={"corrections": {"f1": Mode.STYLE}})
    assert triage(corrected, load_tools()).failures[0].mode is Mode.STYLE


def test_a_persons_tick_replaces_what_was_judged() -> None:
    failure = DRAFT.failures[0]
    kept_probes().keep(concluded(failure, tries(stated=False, fact=False)), "m", True)
    kept_probes().tick(failure, 1, True)
    found = kept_probes().of([failure])[failure.key].found
    assert found.finding == "stated"
    assert found.tries[1].judged_by is JudgedBy.PERSON
