"""What `make bench-pilot` prints about training, on a model of two layers; TRL is not installed."""

from pathlib import Path

import pytest

from advisor.models.base import LoadedModel
from advisor.models.lora.packing import rows_of
from benchmarks.banking import FAMILIES, Case
from benchmarks.pilot_training import (
    MLP,
    TRICKS,
    UPPER,
    breakdown,
    conversations,
    ours,
    print_score,
    speed,
)

CASES = [Case(f"message {number}", family) for number, family in enumerate(FAMILIES)]


def test_each_side_and_each_trick_gets_a_line(
    tiny: LoadedModel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    examples = conversations(CASES)
    short = [one.model_copy(update={"epochs": 2}) for one in (MLP, UPPER)]
    sides = [ours(tiny, examples, one, one.depth) for one in short]
    speed(sides, rounds=1, steps=1, tokens=100)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("whole") and "1.0 times" in first and second.startswith("upper")
    breakdown(tiny, rows_of(tiny, examples, 512).rows, rounds=1)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0].strip() for line in lines] == [one.name for one in TRICKS]
    print_score("base", tiny, CASES[:2], seconds=3)
    assert "0.0% right (0% to " in capsys.readouterr().out
