"""Progress: drawn for a person, on standard error alone."""

import os
import pty
import sys
from io import StringIO

import pytest
from calling import everything

from advisor.core.terminal import progress
from advisor.failures.classifier import load_classifier
from advisor.failures.failure_reader import FollowedReader
from advisor.samples import samples


def test_results_go_where_they_should_while_a_person_watches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen, given = pty.openpty()
    os.set_blocking(seen, False)
    monkeypatch.setenv("TERM", "xterm")
    results = StringIO()
    with os.fdopen(given, "w", encoding="utf-8") as terminal, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", terminal)
        patch.setattr(sys, "stdout", results)
        with progress("Triage", 3000, prints=True) as tell:
            sys.stdout.write("result\n")
            tell(1500)
        drawn = everything(seen)
    os.close(seen)
    assert results.getvalue() == "result\n"
    assert "Triage" in drawn and "1500/3000" in drawn
    assert "result" not in drawn


def test_nothing_is_drawn_for_a_program(capfd: pytest.CaptureFixture[str]) -> None:
    with progress("Triage", 10, prints=True) as tell:
        tell(10)
    assert capfd.readouterr() == ("", "")


def test_failures_read_in_steps_give_the_same_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advisor.failures.failure_reader.BATCH", 2)
    failures = samples()["docs-search"].failures + samples()["returns-desk"].failures[:1]
    failures = tuple(one.model_copy(update={"id": str(n)}) for n, one in enumerate(failures))
    told: list[int] = []
    classifier = load_classifier()
    followed = FollowedReader(classifier, told.append)
    assert followed.read(failures, {"1": "style"}) == classifier.read(failures, {"1": "style"})
    assert told == [*range(2, len(failures), 2), len(failures)]
