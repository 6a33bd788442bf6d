"""What more exemplars, and more writers of them, bring on sources never seen.

    python -m benchmarks.learning_curve [--data FILE.jsonl]

Tunes the encoder alone, without notes and relations, on parts of the exemplars: a share of all of
them, drawn at random, or all of some writers. Takes an hour or two on two cores.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from advisor.failures.features.case import FailureCase
from advisor.failures.features.registry import MODES, PARTS
from advisor.failures.probabilities import OF_CAUSE, named_modes
from advisor.failures.record.reader import TunedReader
from advisor.failures.training.exemplars import Exemplar, read_exemplars
from advisor.failures.training.tuning import TuningRecipe, tuned
from advisor.proposal import Failure
from advisor.vocabulary import Cause
from benchmarks.failures import DATA, macro_f1
from benchmarks.kept_back import is_kept_back

SHARES = (0.125, 0.25, 0.5)
WRITERS = (1, 2, 4, 8)


def parts(exemplars: Sequence[Exemplar]) -> Iterator[tuple[str, list[Exemplar]]]:
    """Yield parts of the exemplars, each with a name; the whole comes last."""
    order = np.random.default_rng(7).permutation(len(exemplars))
    for share in SHARES:
        picked = sorted(order[: round(share * len(exemplars))])
        yield f"{share:.1%} of every writer's", [exemplars[place] for place in picked]
    names = sorted({one.writer for one in exemplars})
    for count in WRITERS:
        some = set(names[-count:])
        yield (
            f"all of {count} of {len(names)} writers",
            [one for one in exemplars if one.writer in some],
        )
    yield "all", list(exemplars)


def figures(exemplars: Sequence[Exemplar], rows: Sequence[dict[str, Any]]) -> list[float]:
    """Return macro-F1 over causes and modes, and the accuracy of causes among the surest 60 %."""
    cases = [FailureCase.of(Failure(**{part: row.get(part) for part in PARTS})) for row in rows]
    chances = np.exp(TunedReader(tuned(exemplars, TuningRecipe())).read(cases).logs)
    causes = chances @ OF_CAUSE
    named = [list(Cause)[place].value for place in causes.argmax(1)]
    truth = [row["cause"] for row in rows]
    surest = np.argsort(-causes.max(1), kind="stable")[: round(0.6 * len(rows))]
    right = np.array(named) == np.array(truth)
    modes = [MODES[place].value for place in named_modes(chances)]
    return [
        macro_f1(truth, named),
        macro_f1([row["mode"] for row in rows], modes),
        float(right[surest].mean()),
    ]


def main() -> None:
    """Print the curve as Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, default=DATA)
    lines = parser.parse_args().data.read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if not is_kept_back(row)]
    print("| taught by | exemplars | cause F1 | mode F1 | accuracy at 60 % |")
    print("|---|---:|---:|---:|---:|")
    for name, some in parts(read_exemplars()):
        cells = " | ".join(f"{value:.2f}" for value in figures(some, rows))
        print(f"| {name} | {len(some):,} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
