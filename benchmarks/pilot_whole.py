"""How long a whole pilot takes, and how much memory: every arm, and a learning curve of 3 points.

    python -m benchmarks.pilot_whole [--data FOLDER] [--arms NAME ...]

FOLDER holds `tasks/banking77`, here reduced to 12 labels, 240 training and 120 test cases. It runs
as a team runs it: `advisor pilot run`, with its worker, its checks and its verdict.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from advisor.domain.pilot_result import PilotResult
from advisor.domain.pilot_spec import ArmName
from benchmarks.banking import INSTRUCTION, Case, banking

SPEC = {
    "title": "Bank messages, 12 labels",
    "task": "classification",
    "instruction": INSTRUCTION,
    "data": {"train": "train.csv", "test": "test.csv"},
    "recommended": "fine_tuning",
    "curve": [0.25, 0.5, 1],
    "budget": {"minutes": 60},
}


def write_cases(path: Path, cases: Sequence[Case]) -> None:
    """Write cases as a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("input", "expected"), *cases])


def main() -> None:
    """Run the pilot and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--arms", nargs="*", type=ArmName, default=[])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for side, cases in zip(("train", "test"), banking(given.data), strict=True):
            write_cases(folder / f"{side}.csv", cases)
        spec = SPEC | ({"arms": given.arms} if given.arms else {})
        (folder / "pilot.json").write_text(json.dumps(spec), encoding="utf-8")
        report(*run(folder))


def run(folder: Path) -> tuple[PilotResult, float]:
    """Return the result, and the seconds that the estimate named beforehand."""
    command = [sys.executable, "-m", "advisor", "pilot", "run", "pilot.json", "--yes", "--json"]
    environment = os.environ | {"ADVISOR_HOME": str(folder / "home")}
    begun = time.monotonic()
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode not in {0, 1}:
        sys.exit(done.stderr)
    print(f"{time.monotonic() - begun:.0f} s with its estimate beforehand")
    found = re.search(r"About (\d+) (s|min) in all", done.stderr)
    guess = float(found[1]) * {"s": 1, "min": 60}[found[2]] if found else float("nan")
    return PilotResult.model_validate_json(done.stdout), guess


def report(result: PilotResult, guess: float) -> None:
    """Print the seconds and memory of each run, and of the whole."""
    scores = {one.name: one.score for one in result.comparison.arms}
    print("| run | score | training s | answering s | memory |")
    print("|---|---:|---:|---:|---:|")
    for one in result.runs:
        used, score = one.usage, scores.get(one.arm)
        name = one.arm if one.share == 1 else f"{one.arm}, {one.share:.0%} of the examples"
        shown = f"{score:.0%}" if score is not None and one.share == 1 else one.why
        print(
            f"| {name} | {shown} | {used.training_seconds:.0f} | {used.answering_seconds:.0f} "
            f"| {used.memory_mb:,.0f} MB |"
        )
    took = (result.finished - result.started).total_seconds()
    print(
        f"\nThe whole: {took:.0f} s (estimate: {guess:.0f} s). {result.comparison.verdict.because}"
    )


if __name__ == "__main__":
    main()
