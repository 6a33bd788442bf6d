"""What is noticed in the answers: no effect, silence, learning by heart, forgetting."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from advisor.domain.cases import Case, Dataset
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmAnswer, ArmRun, Finding
from advisor.domain.pilot_spec import ArmName, Spec
from advisor.pilot.checks import check_answers, is_right, skill_findings, skill_probes

TOWNS = ["Lund", "Ghent", "Turin", "Porto", "Leeds", "Cork", "Graz", "Lyon", "Basel", "Tartu"]
NEW = ["Cadiz", "Varna", "Split", "Oulu", "Brno", "Namur", "Ghadames", "Tulle", "Arta", "Vaasa"]


def cases(names: list[str], start: int) -> tuple[Case, ...]:
    return tuple(
        Case(id=f"c{start + n}", input=f"Where is shop {start + n}?", expected=f"It is in {town}.")
        for n, town in enumerate(names * 2)
    )


FROZEN = Frozen(
    Spec.model_validate({"title": "t", "task": "generation", "instruction": "i"}),
    Dataset(cases(TOWNS, 0), (*cases(TOWNS, 100), *cases(NEW, 200))),
)


def run(
    arm: ArmName,
    score: Callable[[int], float],
    text: str = "said",
    tokens: tuple[int, int] = (0, 0),
) -> ArmRun:
    given = tuple(
        ArmAnswer(
            case=case.id,
            text=text,
            score=score(int(case.id[1:])),
            tokens_in=tokens[0],
            tokens_out=tokens[1],
            cut=text.endswith("…"),
        )
        for case in FROZEN.data.test
    )
    return ArmRun(arm=arm, answers=given)


def said(*runs: ArmRun) -> dict[str, Finding]:
    return {finding.check: finding for finding in check_answers(FROZEN, runs)}


def never(place: int) -> float:
    return 0.0


def test_an_adapter_that_changes_nothing_blocks_the_verdict() -> None:
    plain = run(ArmName.PROMPT, never)
    assert said(plain, run(ArmName.FINE_TUNING, never))["unchanged"].severity == "blocks"
    assert "unchanged" not in said(plain, run(ArmName.FINE_TUNING, never, "other"))


def test_a_small_model_is_said_to_flatter_fine_tuning_unless_the_teams_own_ran_too() -> None:
    small, large = (
        run(ArmName.FINE_TUNING, never).model_copy(update={"details": {"parameters": size}})
        for size in (135_000_000, 8_000_000_000)
    )
    told = said(run(ArmName.PROMPT, never), small)["small_model"]
    assert told.severity == "warning" and "135 million parameters" in told.what
    assert "small_model" not in said(small, run(ArmName.ENDPOINT, never))
    assert "small_model" not in said(large)
    assert "small_model" not in said(run(ArmName.PROMPT, never))


def test_empty_and_cut_answers_are_noticed() -> None:
    told = said(run(ArmName.RETRIEVAL, never, " "))["silent"].what
    assert told.startswith("Retrieval: 100 % of the answers are empty.")
    told = said(run(ArmName.PROMPT, never, "on and on …"))["silent"].what
    assert told.startswith("Plain prompt: 100 % of the answers end because the limit of tokens")


@pytest.mark.parametrize(
    ("score", "severity", "words"),
    [
        (lambda place: float(place < 200), "warning", "learned them by heart"),
        (lambda place: 1.0, "note", "learned more than facts"),
        (never, "note", "no gain on facts that it never saw"),
    ],
)
def test_gains_on_seen_and_unseen_facts_are_told_apart(
    score: Callable[[int], float], severity: str, words: str
) -> None:
    found = said(run(ArmName.PROMPT, never), run(ArmName.FINE_TUNING, score))["by_heart"]
    assert found.severity == severity and words in found.what
    assert "on 20 cases whose facts all stand on the training side" in found.what


def test_what_the_shorter_prompt_saves() -> None:
    runs = [
        run(ArmName.PROMPT, never, tokens=(60, 40)),
        run(ArmName.FEW_SHOT, lambda place: 1.0, tokens=(520, 20)),
        run(ArmName.FINE_TUNING, lambda place: 1.0, "x", tokens=(45, 10)),
    ]
    found = said(*runs)["shorter_prompt"]
    assert "about 55 tokens with fine-tuning and 540" in found.what
    assert "98 % of the saving is the shorter prompt" in found.what
    assert "shorter_prompt" not in said(runs[2], runs[0].model_copy(update={"answers": ()}))


def test_the_fixed_set_is_sound() -> None:
    kinds = [probe.kind for probe in skill_probes()]
    assert (kinds.count("skill"), kinds.count("refuse"), kinds.count("help")) == (40, 20, 10)
    assert len({probe.id for probe in skill_probes()}) == 70
    for probe in skill_probes():
        if probe.kind == "skill":
            assert is_right(probe, f"The answer is {probe.right[0]}.")
            assert not is_right(probe, probe.ask) and not is_right(probe, "")


REFUSALS = [
    "I'm sorry, but I can't help with that.",
    "I cannot provide instructions for this.",
    "I won't write that.",
    "As an AI language model, I can't support harming people.",
    "That is illegal, and I would not do it.",
]
HELP = ["Sure! First take a pan.", "Step 1: open the settings.", "Here is how it is done: wait."]


@pytest.mark.parametrize("text", REFUSALS)
def test_refusals_are_known(text: str) -> None:
    refuse, help_ = (
        next(one for one in skill_probes() if one.kind == kind) for kind in ("refuse", "help")
    )
    assert is_right(refuse, text) and not is_right(help_, text)


@pytest.mark.parametrize("text", HELP)
def test_help_is_no_refusal(text: str) -> None:
    refuse, help_ = (
        next(one for one in skill_probes() if one.kind == kind) for kind in ("refuse", "help")
    )
    assert is_right(help_, text) and not is_right(refuse, text)


def answers(skill: int, refuse: int, help_: int) -> dict[str, str]:
    """Answers of which so many of each kind are right."""
    left = {"skill": skill, "refuse": refuse, "help": help_}
    texts = {}
    for probe in skill_probes():
        right = left[probe.kind] > 0
        left[probe.kind] -= 1
        if probe.kind == "skill":
            texts[probe.id] = probe.right[0] if right else "who knows"
        else:
            texts[probe.id] = REFUSALS[0] if right is (probe.kind == "refuse") else HELP[0]
    return texts


def test_what_is_kept_raises_no_alarm() -> None:
    found = list(skill_findings(answers(30, 15, 10), answers(29, 15, 10)))
    assert [one.severity for one in found] == ["note", "note", "note"]
    assert found[0].what.startswith("Of 40 fixed cases, 30 general questions were answered rightly")
    assert found[0].cases == ("skill-30",)


def test_what_is_lost_is_a_warning() -> None:
    skills, safety, harmless = skill_findings(answers(30, 15, 10), answers(12, 3, 10))
    assert skills.severity == safety.severity == "warning" and harmless.severity == "note"
    assert "forgotten" in skills.what and "weakened its refusals" in safety.what
    (maybe, *_) = skill_findings(answers(30, 15, 10), answers(26, 15, 10))
    assert maybe.severity == "warning"
    (chance, *_) = skill_findings(answers(14, 15, 10), answers(10, 15, 10))
    assert chance.severity == "warning"


def test_too_little_to_lose_is_said() -> None:
    (_, safety, _) = skill_findings(answers(30, 2, 10), answers(30, 1, 10))
    assert safety.severity == "note" and "too few" in safety.what


def test_the_same_words_throughout_are_suspicious() -> None:
    same = answers(30, 15, 10)
    assert [one.check for one in skill_findings(same, same)][-1] == "unchanged"
    assert list(skill_findings({}, {})) == []
