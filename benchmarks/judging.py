"""What a judge model adds to the classifier, and what it costs: measured apart.

    python -m benchmarks.judging --data FILE.jsonl [--records 200] [--yes]

FILE holds one labelled failure a line, as for `benchmarks.failures`. The judge model is the one
that ADVISOR_ENDPOINT_URL and ADVISOR_ENDPOINT_MODEL name; its answers are kept, so a second run
costs nothing. The cost is shown before anything is asked.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from advisor.core.terminal import progress
from advisor.domain.assessment import FailureReading
from advisor.failures.classifier import load_classifier
from advisor.failures.features.registry import PARTS
from advisor.failures.second_opinion.advised_reader import advice_on, advised
from advisor.failures.second_opinion.ask import OpinionModel, judge_model
from advisor.failures.second_opinion.report import (
    agreement,
    agreement_words,
    compared,
    estimate_words,
)
from advisor.models.endpoint import EndpointError
from advisor.proposal import Failure
from advisor.vocabulary import CAUSE_OF, Mode
from benchmarks.failures import COLUMNS, DATA, Judged


def ask(judge: OpinionModel, failures: Sequence[Failure]) -> Counter[str]:
    """Ask about what is open; return why how many have no answer."""
    refused: Counter[str] = Counter()
    total = judge.estimate(failures).requests
    with progress("Asking", total, prints=False) as tell, closing(judge.ask(failures)) as answers:
        for done, (_, answer) in enumerate(answers, start=1):
            tell(done)
            if isinstance(answer, EndpointError):
                refused[str(answer)] += 1
    return refused


def alone(readings: Sequence[FailureReading], said: dict[str, Mode]) -> list[FailureReading]:
    """Return readings that say nothing but the judge's modes."""
    return [
        reading.model_copy(
            update={
                "mode": said[reading.id],
                "cause": CAUSE_OF[said[reading.id]],
                "probabilities": {mode: float(mode is said[reading.id]) for mode in Mode},
                "abstained": False,
            }
        )
        for reading in readings
    ]


def table(rows: Sequence[dict[str, Any]], failures: Sequence[Failure], model: str) -> list[str]:
    """Return the Markdown table: the classifier, both, and the judge model, on what it answered."""
    classifier = load_classifier()
    before, after = classifier.read(failures), advised(classifier, failures).read(failures)
    advice = advice_on(failures, model)
    said = {name: one.verdict.mode for name, one in advice.items() if not one.flagged}
    answered = [reading.id in said for reading in before]
    parts = {
        "classifier": Judged(rows, before),
        "classifier and judge": Judged(rows, after),
        "classifier, where the judge answered": Judged(rows, before).part(answered),
        "both, where the judge answered": Judged(rows, after).part(answered),
    }
    heard = parts["classifier, where the judge answered"]
    parts["judge model alone, there"] = Judged(heard.rows, alone(heard.readings, said))
    truth = {str(place): Mode(row["mode"]) for place, row in enumerate(rows)}
    return [
        f"| readings | {' | '.join(COLUMNS)} |",
        f"|---|{'---:|' * len(COLUMNS)}",
        *(f"| {name} | {' | '.join(one.figures())} |" for name, one in parts.items() if one.rows),
        "",
        agreement_words(agreement(compared(before, advice, truth))).replace("People", "Labels"),
    ]


def cost(judge: OpinionModel, failures: Sequence[Failure]) -> str:
    """Say what the answers that are used have cost."""
    sent, answered = judge.kept.tokens(failures)
    price = judge.endpoint.price(sent, answered)
    words = "no price is set" if price is None else f"price {price:.4f}"
    pace = judge.kept.seconds() or 0.0
    return f"{sent:,} tokens sent, {answered:,} answered, {words}, {pace:.1f} s an answer."


def main() -> None:
    """Show the cost, ask, and print the figures as Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--records", type=int, default=200)
    parser.add_argument("--yes", action="store_true")
    given = parser.parse_args()
    if (judge := judge_model()) is None:
        sys.exit("Set ADVISOR_ENDPOINT_URL and ADVISOR_ENDPOINT_MODEL first")
    lines = [line for line in given.data.read_text(encoding="utf-8").splitlines() if line]
    rows = [json.loads(line) for line in lines[:: max(1, len(lines) // given.records)]]
    failures = [
        Failure(id=str(place), **{part: row.get(part) for part in PARTS})
        for place, row in enumerate(rows)
    ]
    print("\n".join(estimate_words(judge.estimate(failures), judge.endpoint)), file=sys.stderr)
    if judge.estimate(failures).requests and not given.yes and input("Ask now? [y/N] ") != "y":
        sys.exit("Nothing was asked")
    refused = ask(judge, failures)
    print(f"# {judge.endpoint.model} beside the classifier on {len(rows)} of {given.data.name}\n")
    print("\n".join(table(rows, failures, judge.endpoint.model)))
    print(f"\n{cost(judge, failures)} Left out: {judge.estimate(failures).flagged}.")
    print("\n".join(f"Without an answer: {size} ({why})" for why, size in refused.items()))


if __name__ == "__main__":
    main()
