"""A log whose rows hold hundreds of thousands of characters is read whole, in level memory."""

import tracemalloc
from functools import partial
from pathlib import Path

import pytest
from written_logs import read_log, write_cells, write_columns, write_lines

from advisor.logs.block_rows import Recipe
from advisor.logs.columnar import Columnar
from advisor.logs.process import give_back
from advisor.logs.recognise import open_log
from advisor.proposal import FAILURE_TEXT_LIMIT

LONG = ("It is 9 euros. " * 200 + "\n") * 66
WRITERS = {
    "a.jsonl": write_lines,
    "a.jsonl.gz": write_lines,
    "a.csv": write_cells,
    "a.parquet": write_columns,
}


def long_rows(count: int, text: str = LONG) -> list[dict[str, str]]:
    return [{"input": f"Fee {n}?", "output": f"{n} {text}", "expected": "9"} for n in range(count)]


@pytest.mark.parametrize("name", WRITERS)
def test_long_outputs_are_read_whole(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    WRITERS[name](path, long_rows(5))
    found = read_log(path)
    assert not found.refused
    assert [case.failure.output for case in found.cases] == [f"{n} {LONG}" for n in range(5)]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_rows_longer_than_what_is_looked_at_are_recognised(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.logs.heads._HEAD", 1_000)
    monkeypatch.setattr("advisor.logs.recognise.FILE_LIMIT", 1_000)  # too large to be read at once
    path = WRITERS[name](tmp_path / name, long_rows(5))
    opened = open_log(path, {})
    assert opened.recipe.kind in {"lines", "delimited"}
    assert len(read_log(path).cases) == 5


def test_a_block_of_columns_has_fewer_rows_where_these_are_long(tmp_path: Path) -> None:
    rows = [{"output": f"{place}".ljust(FAILURE_TEXT_LIMIT, "x")} for place in range(36)]
    path = write_columns(tmp_path / "a.parquet", [*rows, {"output": "short"}], group=12)
    spans = list(Columnar(path, Recipe(kind="parquet")).spans())
    assert spans[-1].end == len(rows) + 1
    assert max(span.end - span.start for span in spans) <= 20
    assert len(read_log(path, block=1_000, output="output").cases) == len(rows) + 1


def test_a_text_that_comes_in_every_row_is_kept_once(tmp_path: Path) -> None:
    path = write_columns(tmp_path / "a.parquet", [{"output": "a", "note": LONG, "id": None}] * 50)
    cases = read_log(path, block=1_000).cases
    assert [case.failure.id for case in cases] == [f"f{row}" for row in range(1, 51)]
    assert len({id(case.failure.note) for case in cases}) == 8  # one in each row group
    assert cases[-1].failure.note == LONG


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_more_long_rows_take_no_more_memory(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("text_blocks.BLOCK_BYTES", "columnar.BLOCK_BYTES", "heads._HEAD"):
        monkeypatch.setattr(f"advisor.logs.{place}", 1_000_000)
    write = partial(write_columns, group=4) if name == "a.parquet" else WRITERS[name]
    peaks = []
    for count in (12, 48):
        path = write(tmp_path / name, long_rows(count))
        tracemalloc.start()
        source = open_log(path, {}).source
        assert sum(len(source.read(span).cases) for span in source.spans()) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        give_back()
    assert peaks[1] < peaks[0] * 1.2
