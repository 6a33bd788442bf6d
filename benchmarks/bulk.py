"""How fast a log is classified, in how much memory, and what a second Ray worker brings.

Run: python -m benchmarks.bulk [--rows 20000]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORDS = (
    "the order was returned late refund policy model said wrong date 2024 json label format "
    "customer please tell answer number invoice Berlin 42 days Alice contract clause summary list "
    "bullet city price euro ticket queue manual chapter dose patient letter search index page"
).split()
LENGTHS = (3, 8, 20, 60, 150)
"""Words in a text; each is as likely."""
CHILD = """
import resource, sys
from pathlib import Path
from advisor.commands.classify import ClassifyRequest, run_classify
request = ClassifyRequest(Path(sys.argv[1]), out=Path(sys.argv[2]), ray=sys.argv[3] or None)
code = run_classify(request)
sys.stdout.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
sys.exit(code)
"""
RAY = """
import sys, time
from pathlib import Path
from advisor.logs.block_reading import BlockJob
from advisor.logs.recognise import open_log
from advisor.logs.ray import read_on_ray
from advisor.failures.classifier import load_classifier
path, workers = Path(sys.argv[1]), int(sys.argv[2])
opened = open_log(path, {}, 250)
job = BlockJob.of(path, opened.recipe, load_classifier())
spans, ends = list(opened.source.spans()), []
for block in read_on_ray(job, spans, "local", False, workers):
    ends.append(time.monotonic())
sys.stdout.write(str((len(ends) - workers) * 250 / (ends[-1] - ends[workers - 1])))
"""


def generate(path: Path, rows: int) -> None:
    """Write records of varied lengths, half of them with a note."""
    draw = random.Random(7)

    def text() -> str:
        return " ".join(draw.choices(WORDS, k=draw.choice(LENGTHS)))

    with path.open("w", encoding="utf-8") as file:
        for place in range(rows):
            record = {"id": f"c{place}", "input": text(), "output": text(), "expected": text()}
            record |= {"note": text()} if place % 2 else {}
            record["created_at"] = f"2026-{place % 12 + 1:02d}-{place % 28 + 1:02d}"
            file.write(f"{json.dumps(record)}\n")


def child(code: str, *words: object, home: Path) -> str:
    """Run `code` in a process of its own and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        env=os.environ | {"ADVISOR_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def main() -> None:
    """Print records a second and peak memory, then one Ray worker against two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        log = folder / "log.jsonl"
        generate(log, rows)
        start = time.monotonic()
        peak = child(CHILD, log, folder / "results.jsonl", "", home=folder)
        seconds = time.monotonic() - start
        print(
            f"{rows:,} records in {seconds:.0f} s, start and summary included: "
            f"{rows / seconds:,.0f} a second; peak memory {int(peak) / 1024:,.0f} MB"
        )
        speeds = [float(child(RAY, log, count, home=folder)) for count in (1, 2)]
        for count, speed in enumerate(speeds, start=1):
            print(f"{count} Ray worker{'s' * (count > 1)}: {speed:,.0f} records a second")
        print(f"two workers against one: {speeds[1] / speeds[0]:.2f} times")


if __name__ == "__main__":
    main()
