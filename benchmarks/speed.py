"""How fast it is: triage warm and cold, the next question, the command line, the first page.

Texts differ in every run, so that no cache of the encoder helps.
"""

from __future__ import annotations

import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from advisor.proposal import Draft, Failure
from advisor.samples import samples
from advisor.triage.evidence import Facts
from advisor.triage.judge import Judge
from advisor.triage.reasons import matrix
from advisor.triage.recommend import Tools, load_tools, triage
from advisor.triage.sensitivity import next_questions

RUNS = 30


def milliseconds(work: Callable[[int], object], runs: int = RUNS) -> list[float]:
    """Time `work(0)`, `work(1)` … and return milliseconds."""
    took = []
    for number in range(runs):
        start = time.perf_counter()
        work(number)
        took.append(1000 * (time.perf_counter() - start))
    return took


def proposal(number: int, failures: int = 20) -> Draft:
    """Return a proposal with so many failures whose texts no other run has."""
    sample = list(samples().values())
    pool = [failure for item in sample for failure in item.failures]
    chosen = [pool[(number * 7 + place) % len(pool)] for place in range(failures)]
    return Draft(
        title=sample[number % len(sample)].title,
        description=f"{sample[number % len(sample)].description} Case {number}.",
        answers=sample[number % len(sample)].answers,
        failures=tuple(
            Failure(
                id=f"f{place}",
                input=failure.input,
                output=f"{failure.output} {number}-{place}" if failure.output else None,
                expected=f"{failure.expected} {place}-{number}" if failure.expected else None,
                note=f"{failure.note} {number}/{place}" if failure.note else None,
            )
            for place, failure in enumerate(chosen)
        ),
    )


def next_question(tools: Tools) -> Callable[[int], object]:
    """Return work that finds the next question for a proposal whose failures are read."""
    readings = tools.classifier.read(proposal(0).failures, {})
    judge = Judge(tools.book, matrix(readings))

    def work(number: int) -> object:
        facts = Facts({"labelled_examples": number})
        return next_questions(judge, facts, judge.judge(facts), facts.answers)

    return work


def command(*words: str) -> Callable[[int], object]:
    """Return work that runs `advisor WORDS` in a new process."""
    return lambda _: subprocess.run(
        [sys.executable, "-m", "advisor", *words], check=True, capture_output=True
    )


def app_ready(_: int) -> None:
    """Start the app, and return when its readiness check answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["app", "--port", str(port), "--address", "127.0.0.1", "--no-browser"]
    server = subprocess.Popen(
        [sys.executable, "-m", "advisor", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/ready", timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Print the table."""
    tools = load_tools()
    proposals = [proposal(number) for number in range(RUNS + 1)]
    triage(proposals[RUNS], tools)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "proposal.json"
        file.write_text(proposals[0].model_dump_json(), encoding="utf-8")
        rows = [
            ("triage, 20 failures, warm", milliseconds(lambda n: triage(proposals[n], tools)), 100),
            ("next question", milliseconds(next_question(tools)), 50),
            ("advisor --help", milliseconds(command("--help"), 5), 500),
            ("advisor triage, cold", milliseconds(command("triage", str(file), "--json"), 5), 5000),
            ("app ready", milliseconds(app_ready, 3), 3000),
        ]
    print(f"{platform.machine()}, Python {platform.python_version()}\n")
    print("| what | median ms | slowest ms | wanted ms |\n|---|---|---|---|")
    for name, took, wanted in rows:
        print(f"| {name} | {statistics.median(took):,.0f} | {max(took):,.0f} | < {wanted:,} |")


if __name__ == "__main__":
    main()
