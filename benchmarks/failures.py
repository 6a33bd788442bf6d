"""How right the failure classifier is on records that it has never seen.

    python -m benchmarks.failures [--data FILE.jsonl]

FILE holds one labelled failure a line: the fields of a failure, `mode`, `cause`, `id`. Nothing of
it may have been used in training.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from advisor.assessment import FailureReading
from advisor.failures.classifier import load_classifier, shares_by_cause
from advisor.failures.features import MODES
from advisor.failures.prototypes import DESCRIPTIONS
from advisor.failures.training import calibration_error
from advisor.models.encoder import load_encoder
from advisor.proposal import Failure
from advisor.vocabulary import CAUSE_OF, Mode

DATA = Path("../shared/data/failures/dev.jsonl")
PARTS = ("input", "output", "expected", "note", "context")
COLUMNS = (
    "n", "cause F1", "cause accuracy", "mode F1", "mode accuracy", "calibration error",
    "abstains", "accuracy when answered", "accuracy at 60 %",
)  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """Readings beside the truth, for any part of the records."""

    rows: Sequence[dict[str, Any]]
    readings: Sequence[FailureReading]

    def part(self, wanted: Sequence[bool]) -> Judged:
        """Return the part that `wanted` picks."""
        pairs = [
            pair
            for pair, keep in zip(zip(self.rows, self.readings, strict=True), wanted, strict=True)
            if keep
        ]
        return Judged([row for row, _ in pairs], [reading for _, reading in pairs])

    def figures(self) -> list[str]:
        """Return one cell for each of `COLUMNS`."""
        modes, causes = [row["mode"] for row in self.rows], [row["cause"] for row in self.rows]
        our_modes = [reading.mode.value for reading in self.readings]
        our_causes = [reading.cause.value for reading in self.readings]
        right = np.array(causes) == np.array(our_causes)
        sure = np.array([max(shares_by_cause(r.probabilities).values()) for r in self.readings])
        answered = np.array([not reading.abstained for reading in self.readings])
        surest = np.argsort(-sure, kind="stable")[: max(1, round(0.6 * len(sure)))]
        values = (
            _f1(causes, our_causes), right.mean(), _f1(modes, our_modes),
            (np.array(modes) == np.array(our_modes)).mean(), calibration_error(sure, right),
            1 - answered.mean(), _mean(right[answered]), right[surest].mean(),
        )  # fmt: skip
        return [str(len(self.rows)), *(f"{value:.2f}" for value in values)]


def _f1(truth: list[str], ours: list[str]) -> float:
    labels = sorted(set(truth))
    return float(f1_score(truth, ours, labels=labels, average="macro", zero_division=0.0))


def _mean(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def nearest(rows: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """Return macro-F1 over causes and modes of the nearest description, without any training."""
    encoder = load_encoder()
    described = encoder.encode([text for mode in MODES for text in DESCRIPTIONS[mode]])
    texts = [" ".join(str(row[part]) for part in PARTS[:4] if row.get(part)) for row in rows]
    close = (encoder.encode(texts) @ described.T).reshape(len(rows), len(MODES), -1).max(2)
    modes = [MODES[place] for place in close.argmax(1)]
    causes = [CAUSE_OF[mode].value for mode in modes]
    truth = [row["cause"] for row in rows]
    return _f1(truth, causes), _f1([row["mode"] for row in rows], [mode.value for mode in modes])


def opposite(judged: Judged) -> float:
    """Return the share of answered cases where behaviour is taken for knowledge or the reverse."""
    pair = {"behaviour", "knowledge"}
    answered = [
        {row["cause"], reading.cause.value} == pair
        for row, reading in zip(judged.rows, judged.readings, strict=True)
        if not reading.abstained
    ]
    return float(np.mean(answered)) if answered else 0.0


def table(judged: Judged, without: Judged) -> list[str]:
    """Return the Markdown table: all, with and without a note, by source family, by mode."""
    noted = [bool(row.get("note")) for row in judged.rows]
    families = [str(row["id"]).rpartition("-")[0] for row in judged.rows]
    parts = {
        "**all**": judged,
        "with a note": judged.part(noted),
        "without a note": judged.part([not note for note in noted]),
        "all, notes taken away": without,
        **{name: judged.part([one == name for one in families]) for name in sorted(set(families))},
    }
    lines = [f"| {' | '.join(('records', *COLUMNS))} |", f"|---|{'---:|' * len(COLUMNS)}"]
    return [
        *lines,
        *(
            f"| {name} | {' | '.join(part.figures())} |"
            for name, part in parts.items()
            if part.rows
        ),
    ]


def by_mode(judged: Judged) -> list[str]:
    """Return, for each true mode, how often it is found and what it is taken for."""
    lines = ["| true mode | n | found | most often taken for |", "|---|---:|---:|---|"]
    for mode in Mode:
        part = judged.part([row["mode"] == mode for row in judged.rows])
        ours = [reading.mode.value for reading in part.readings]
        others = sorted(set(ours) - {mode.value}, key=lambda one: (-ours.count(one), one))
        if ours:
            found, taken = ours.count(mode) / len(ours), ", ".join(others[:2])
            lines.append(f"| {mode} | {len(ours)} | {found:.2f} | {taken} |")
    return lines


def read(rows: Sequence[dict[str, Any]], parts: Sequence[str] = PARTS) -> Judged:
    """Let the classifier read the records; those that have none of `parts` are left out."""
    usable = [
        row
        for row in rows
        if any(row.get(part) for part in parts if part not in ("input", "context"))
    ]
    failures = [
        Failure(id=str(place), **{part: row.get(part) for part in parts})
        for place, row in enumerate(usable)
    ]
    return Judged(usable, load_classifier().read(failures))


def main() -> None:
    """Print the figures as Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, default=DATA)
    path = parser.parse_args().data
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    judged = read(rows)
    cause, mode = nearest(rows)
    print(f"# Failure classifier on {path.name}: {len(rows)} records, none seen in training\n")
    print("\n".join(table(judged, read(rows, [part for part in PARTS if part != "note"]))))
    print(f"\nNearest description, no training: cause F1 {cause:.2f}, mode F1 {mode:.2f}.")
    print(
        f"Behaviour taken for knowledge or the reverse, of answered cases: "
        f"{opposite(judged):.1%}.\n"
    )
    print("\n".join(by_mode(judged)))


if __name__ == "__main__":
    main()
