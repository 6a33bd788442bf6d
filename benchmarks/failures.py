"""How right the failure classifier is on records that it has never seen.

    python -m benchmarks.failures [--data FILE.jsonl] [--kept-back] [--baselines] [--setfit-steps N]

FILE holds one labelled failure a line: the fields of a failure, `mode`, `cause`, `id`, `source`.
Nothing of it may have been used in training. The sources of `benchmarks.kept_back` are left out;
`--kept-back` measures those alone, and notes that it did.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from advisor.domain.assessment import FailureReading
from advisor.failures.classifier import load_classifier
from advisor.failures.features.registry import MODES, PARTS
from advisor.failures.probabilities import shares_by_cause
from advisor.failures.training.exemplars import read_exemplars
from advisor.failures.training.train_head import calibration_error
from advisor.proposal import Failure
from advisor.vocabulary import CAUSE_OF, Mode
from benchmarks.baselines import SETFIT_STEPS, baselines, text_of
from benchmarks.kept_back import OFTEN, is_kept_back, note, source_of

DATA = Path("../shared/data/failures/dev.jsonl")
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
            macro_f1(causes, our_causes), right.mean(), macro_f1(modes, our_modes),
            (np.array(modes) == np.array(our_modes)).mean(), calibration_error(sure, right),
            1 - answered.mean(), _mean(right[answered]), right[surest].mean(),
        )  # fmt: skip
        return [str(len(self.rows)), *(f"{value:.2f}" for value in values)]


def macro_f1(truth: list[str], ours: list[str]) -> float:
    """Return the F1 score, averaged over the labels that occur in the truth."""
    labels = sorted(set(truth))
    return float(f1_score(truth, ours, labels=labels, average="macro", zero_division=0.0))


def _mean(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def opposite(judged: Judged) -> float:
    """Return the share of answered cases where behaviour is taken for knowledge or the reverse."""
    pair = {"behaviour", "knowledge"}
    answered = [
        {row["cause"], reading.cause.value} == pair
        for row, reading in zip(judged.rows, judged.readings, strict=True)
        if not reading.abstained
    ]
    return float(np.mean(answered)) if answered else 0.0


LENGTHS = ((0, 200), (200, 600), (600, 2_000), (2_000, 1_000_000))
"""Characters of all parts together: from, to."""


def table(judged: Judged, without: Judged) -> list[str]:
    """Return the Markdown table: all, with and without a note, by source, fields and length."""
    rows = judged.rows
    noted = [bool(row.get("note")) for row in rows]
    sources = [source_of(row) for row in rows]
    fields = [", ".join(part for part in PARTS if row.get(part)) for row in rows]
    sizes = [sum(len(row.get(part) or "") for part in PARTS) for row in rows]
    parts = {
        "**all**": judged,
        "with a note": judged.part(noted),
        "without a note": judged.part([not note for note in noted]),
        "all, notes taken away": without,
        **_each("source", sources, judged),
        **_each("has", fields, judged),
        **{
            f"{low:,} to {high:,} characters": judged.part([low <= size < high for size in sizes])
            for low, high in LENGTHS
        },
    }
    lines = [f"| {' | '.join(('records', *COLUMNS))} |", f"|---|{'---:|' * len(COLUMNS)}"]
    shown = [
        f"| {name} | {' | '.join(part.figures())} |" for name, part in parts.items() if part.rows
    ]
    return [*lines, *shown]


def _each(what: str, names: Sequence[str], judged: Judged) -> dict[str, Judged]:
    return {
        f"{what}: {name}": judged.part([one == name for one in names])
        for name in sorted(set(names))
    }


def by_coverage(judged: Judged) -> list[str]:
    """Return how right the surest share of the records is, and the rest: it must be harder."""
    sure = np.array([max(shares_by_cause(one.probabilities).values()) for one in judged.readings])
    pairs = zip(judged.rows, judged.readings, strict=True)
    right = np.array([row["cause"] == reading.cause.value for row, reading in pairs])
    order = np.argsort(-sure, kind="stable")
    lines = ["| surest share | least sure of them | cause right | right in the rest |"]
    lines.append("|---:|---:|---:|---:|")
    for share in (0.2, 0.4, 0.6, 0.8, 1.0):
        cut = round(share * len(order))
        first, rest = order[:cut], order[cut:]
        values = (sure[first].min(), right[first].mean(), _mean(right[rest]))
        lines.append(f"| {share:.0%} | {' | '.join(f'{value:.2f}' for value in values)} |")
    return lines


def beside(rows: Sequence[dict[str, Any]], judged: Judged, steps: int) -> list[str]:
    """Return the table of the plain classifiers of `benchmarks.baselines` beside this one."""
    exemplars, texts = read_exemplars(), [text_of(row) for row in rows]
    lines = ["| same exemplars, same records | cause F1 | mode F1 | seconds |"]
    lines.append("|---|---:|---:|---:|")
    causes, modes = [row["cause"] for row in rows], [row["mode"] for row in rows]
    for name, choose in baselines(steps).items():
        begun = time.perf_counter()
        ours = [MODES[place] for place in choose(texts, exemplars)]
        figures = (
            macro_f1(causes, [CAUSE_OF[mode].value for mode in ours]),
            macro_f1(modes, list(ours)),
        )
        cells = " | ".join(f"{value:.2f}" for value in figures)
        lines.append(f"| {name} | {cells} | {time.perf_counter() - begun:.0f} |")
    own = judged.figures()
    return [*lines, f"| this classifier | {own[1]} | {own[3]} | |"]


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
    given = _given()
    lines = given.data.read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines if line]
    rows = [row for row in records if is_kept_back(row) == given.kept_back]
    judged = read(rows)
    print(f"# Failure classifier on {given.data.name}: {_which(rows, given.kept_back, judged)}\n")
    print("\n".join(table(judged, read(rows, [part for part in PARTS if part != "note"]))))
    print(
        f"\nBehaviour taken for knowledge or the reverse, of answered cases: "
        f"{opposite(judged):.1%}.\n"
    )
    print("\n".join(by_mode(judged)))
    print("\n".join(["", *by_coverage(judged)]))
    if given.baselines:
        print("\n".join(["", *beside(rows, judged, given.setfit_steps)]))


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--kept-back", action="store_true", help="the sources nobody reads, alone")
    parser.add_argument("--baselines", action="store_true", help="plain classifiers beside it")
    parser.add_argument("--setfit-steps", type=int, default=SETFIT_STEPS, help="0: leave it out")
    return parser.parse_args()


def _which(rows: Sequence[dict[str, Any]], kept_back: bool, judged: Judged) -> str:
    many = f"{len(rows):,} records, none used in training"
    if not kept_back:
        return f"{many}, of sources that were looked at"
    times = note(load_classifier().fingerprint, COLUMNS, judged.figures())
    return f"{many}, of sources kept back (measured {times} of at most {OFTEN} times)"


if __name__ == "__main__":
    main()
