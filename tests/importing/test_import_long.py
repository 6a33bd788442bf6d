"""A model that never stops writes 200,000 characters: they come in whole, and fast."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pyarrow
import pyarrow.parquet
import pytest
import yaml
from counting import grows_less_than

from advisor.importing import read_failures, read_pasted, write_csv, write_jsonl
from advisor.proposal import FAILURE_TEXT_LIMIT, Failure

LONG = ("The fee is 9 euros, as “page 3” says, é 日.\n" * 5_000)[:199_999] + "."
FAILURE = Failure(input="What is the fee?", output=LONG, expected="12 euros")
RECORD = FAILURE.model_dump(exclude_none=True)


def _cells(separator: str) -> bytes:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(RECORD), delimiter=separator)
    writer.writeheader()
    writer.writerow(RECORD)
    return buffer.getvalue().encode()


def _parquet() -> bytes:
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([RECORD]), buffer)
    return buffer.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "a.csv": lambda: _cells(","),
    "a.tsv": lambda: _cells("\t"),
    "a.json": lambda: json.dumps([RECORD]).encode(),
    "a.jsonl": lambda: (json.dumps(RECORD) + "\n").encode() * 3,
    "a.yaml": lambda: yaml.safe_dump([RECORD]).encode(),
    "a.parquet": _parquet,
    "chat.jsonl": lambda: json.dumps({
        "messages": [
            {"role": "user", "content": FAILURE.input},
            {"role": "assistant", "content": LONG},
        ],
        "ideal": FAILURE.expected,
    }).encode(),
    "own.csv": lambda: write_csv([FAILURE]).encode(),
    "own.jsonl": lambda: write_jsonl([FAILURE]).encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_a_long_output_comes_in_whole(name: str) -> None:
    found = read_failures(name, FILES[name]())
    assert not found.rejected
    assert {failure.output for failure in found.failures} == {LONG}
    assert max(len(cell) for row in found.preview for cell in row.values()) <= 200


def test_a_long_output_can_be_pasted() -> None:
    found = read_pasted(f"Q: What is the fee?\nA: {LONG}\nExpected: 12 euros")
    assert found.failures == (FAILURE,)


def test_a_block_of_many_lines_takes_no_longer_for_each() -> None:
    def read(lines: int) -> None:
        (failure,) = read_pasted("Q: a\nA: b\n" + "one more line\n" * lines).failures
        assert failure.output and failure.output.count("\n") == lines

    assert grows_less_than(12, lambda: read(10_000), lambda: read(60_000))


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.parquet"])
def test_a_text_over_the_limit_costs_its_row_and_says_why(name: str) -> None:
    rows = [{"output": "x" * (FAILURE_TEXT_LIMIT + 1)}, {"output": "fine"}]
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), buffer)
    data = {
        "a.csv": b"output,note\n" + b"\n".join(row["output"].encode() + b"," for row in rows),
        "a.json": json.dumps(rows).encode(),
        "a.parquet": buffer.getvalue(),
    }[name]
    found = read_failures(name, data)
    assert [failure.output for failure in found.failures] == ["fine"]
    assert [one.reason for one in found.rejected] == [
        "output has 1,000,001 characters; the limit is 1,000,000. Shorten it"
    ]
