"""How right triage is on published cases whose outcome is known.

Three modes: words and failures only; answers only; both with a fifth of the answers blanked, over
several seeds. `exact` is the remedy that worked; `acceptable` also counts the alternatives that the
case names. `harmful` counts fine-tuning alone where retrieval was right: it must be 0.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from advisor.domain.assessment import Assessment
from advisor.proposal import Draft
from advisor.triage.recommend import Tools, load_tools, triage

SEEDS = 20
BLANKED = 0.2


@dataclass(frozen=True)
class Outcome:
    """One case judged."""

    id: str
    best: str
    got: str
    exact: bool
    acceptable: bool
    harmful: bool
    confidence: float
    abstained: bool


def outcome(case: dict[str, Any], result: Assessment) -> Outcome:
    """Compare an assessment with the remedy that worked."""
    right = {case["best"], *case["acceptable"]}
    wanted_retrieval = "retrieval" in case["best"] and "fine_tuning" not in right
    return Outcome(
        id=case["id"],
        best=case["best"],
        got=result.recommendation,
        exact=result.recommendation == case["best"],
        acceptable=result.recommendation in right,
        harmful=result.recommendation == "fine_tuning" and wanted_retrieval,
        confidence=result.confidence,
        abstained=result.abstained,
    )


def words_only(case: dict[str, Any], _: random.Random) -> Draft:
    """Keep title, description and failures."""
    return Draft.model_validate({name: case[name] for name in ("title", "description", "failures")})


def answers_only(case: dict[str, Any], _: random.Random) -> Draft:
    """Keep the answers."""
    return Draft(answers=known(case))


def both_blanked(case: dict[str, Any], chance: random.Random) -> Draft:
    """Keep everything but a fifth of the answers."""
    kept = {name: value for name, value in known(case).items() if chance.random() >= BLANKED}
    return words_only(case, chance).model_copy(update={"answers": kept})


def both(case: dict[str, Any], chance: random.Random) -> Draft:
    """Keep everything."""
    return words_only(case, chance).model_copy(update={"answers": known(case)})


def known(case: dict[str, Any]) -> dict[str, Any]:
    """Return the answers that are known."""
    return {name: value for name, value in case["facts"].items() if value is not None}


MODES: tuple[tuple[str, Callable[..., Draft], int], ...] = (
    ("words and failures only", words_only, 1),
    ("answers only", answers_only, 1),
    ("both", both, 1),
    ("both, 20 % of answers blanked", both_blanked, SEEDS),
)


def run(cases: Iterable[dict[str, Any]], tools: Tools) -> dict[str, list[Outcome]]:
    """Judge every case in every mode."""
    known_cases = list(cases)
    return {
        name: [
            outcome(case, triage(make(case, random.Random(f"{seed}/{case['id']}")), tools))
            for seed in range(seeds)
            for case in known_cases
        ]
        for name, make, seeds in MODES
    }


def calibration_error(outcomes: list[Outcome], bins: int = 5) -> float:
    """Return the expected calibration error of confidence against `acceptable`."""
    confidence = np.array([item.confidence for item in outcomes])
    right = np.array([item.acceptable for item in outcomes], float)
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        (place == number).mean()
        * abs(confidence[place == number].mean() - right[place == number].mean())
        for number in range(bins)
        if (place == number).any()
    ]
    return float(sum(gaps))


def row(name: str, outcomes: list[Outcome]) -> str:
    """Return one line of the Markdown table."""
    count = len(outcomes)
    sure = [item for item in outcomes if not item.abstained]
    shares = [
        sum(item.exact for item in outcomes) / count,
        sum(item.acceptable for item in outcomes) / count,
        calibration_error(outcomes),
        1 - len(sure) / count,
        sum(item.acceptable for item in sure) / max(1, len(sure)),
    ]
    cells = " | ".join(f"{share:.2f}" for share in shares)
    return f"| {name} | {count} | {cells} | {sum(item.harmful for item in outcomes)} |"


def main() -> None:
    """Print the table, and with --cases every case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/triage/cases_dev.jsonl"))
    parser.add_argument("--cases", action="store_true", help="print each case too")
    options = parser.parse_args()
    cases = [json.loads(line) for line in options.data.read_text("utf-8").splitlines()]
    results = run(cases, load_tools())
    print(
        f"{len(cases)} published cases, {platform.machine()}, Python {platform.python_version()}\n"
    )
    print(
        "| input | runs | exact | acceptable | calibration error | abstained | "
        "acceptable when it did not abstain | fine-tuning alone where retrieval was right |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, outcomes in results.items():
        print(row(name, outcomes))
    if options.cases:
        for name, outcomes in results.items():
            print(f"\n{name}")
            for item in outcomes[: len(cases)]:
                mark = "=" if item.exact else "~" if item.acceptable else "X"
                print(
                    f"  {mark} {item.id} {item.best:>24} got {item.got:<24} {item.confidence:.2f}"
                )


if __name__ == "__main__":
    main()
