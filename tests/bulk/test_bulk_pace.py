"""How far a long run is: a bar for a person, a line now and then for a file; memory stays level."""

import os
import pty
import sys
import tracemalloc
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from bulk.logs import rows, write_columns, write_lines
from calling import everything

from advisor.bulk.memory import give_back
from advisor.bulk.pace import Pace, pace
from advisor.bulk.recognise import open_log


def test_what_an_earlier_run_did_does_not_count_as_speed() -> None:
    follow = Pace(lambda share, text: None)
    follow.skip(0.5, 5_000)
    follow.add(0.25, 2_500)
    assert follow.text(10) == "7,500 rows, 250 a second, 0:00:10 left"
    assert follow.text(3 * 3600) == "7,500 rows, 0 a second, 3:00:00 left"
    follow.add(0.25, 2_500)
    assert follow.text(20) == "10,000 rows, 250 a second"


def test_a_person_sees_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, given = pty.openpty()
    os.set_blocking(seen, False)
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(given, "w", encoding="utf-8") as terminal, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", terminal)
        patch.setattr(sys, "stdout", StringIO())
        with pace(prints=True) as follow:
            follow.add(0.25, 1_234)
        drawn = everything(seen)
    os.close(seen)
    assert "25%" in drawn and "1,234 rows" in drawn


def test_a_file_gets_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pace(prints=False) as follow:
        follow.add(0.1, 10)
        assert capsys.readouterr().err == ""
        monkeypatch.setattr("advisor.bulk.pace.EVERY", 0)
        follow.add(0.1, 10)
    assert capsys.readouterr().err.startswith("20%: 20 rows, ")


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
def test_a_longer_log_takes_no_more_memory(tmp_path: Path, name: str) -> None:
    write = {"a.jsonl": write_lines, "a.parquet": partial(write_columns, group=100)}[name]
    peaks = []
    for count in (300, 1_200):
        source = open_log(write(tmp_path / name, rows(count)), {}, 50).source
        tracemalloc.start()
        assert sum(len(source.read(span).cases) for span in source.spans()) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        give_back()
    assert peaks[1] < peaks[0] * 1.2
