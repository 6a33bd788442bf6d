"""Parquet tables and YAML files are read like any other, with the same limits."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from advisor.errors import InputError
from advisor.importing import Import, read_failures


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, **options)
    return buffer.getvalue()


def read(columns: dict[str, Any]) -> Import:
    return read_failures("table.parquet", parquet(columns))


def test_a_plain_table_goes_by_its_names() -> None:
    found = read({
        "question": ["Q", "R"],
        "prediction": ["A", None],
        "expected": ["B", "C"],
        "created_at": [datetime(2026, 3, 1, tzinfo=UTC)] * 2,
        "raw": [b"\xff\x00", None],
    })
    assert (found.failures[0].input, found.failures[0].output) == ("Q", "A")
    assert found.failures[1].output is None
    assert found.recognised == "Parquet with a list"


def test_spans_with_nested_columns_are_known() -> None:
    documents = [[{"document.content": "Open from 9.", "document.score": 0.9}], None]
    found = read({
        "context.span_id": ["s", "l"],
        "context.trace_id": ["t", "t"],
        "parent_id": ["l", None],
        "span_kind": ["RETRIEVER", "LLM"],
        "attributes.retrieval.documents": documents,
        "attributes.input.value": ["Q", "Q"],
        "attributes.output.value": [None, "A"],
    })
    assert found.recognised.startswith("Arize Phoenix spans (Parquet")
    (failure,) = found.failures
    assert (failure.id, failure.context) == ("l", "Open from 9.")


def test_a_table_without_rows_and_one_with_too_many_are_refused() -> None:
    with pytest.raises(InputError, match="holds no rows"):
        read({"output": pa.array([], pa.string())})
    with pytest.raises(InputError, match="more than 50,000 rows"):
        read({"output": ["x"] * 50_001})


def test_a_table_that_grows_when_unpacked_is_refused() -> None:
    texts = pa.DictionaryArray.from_arrays([0] * 20_000, ["x" * 20_000])
    data = parquet({"output": texts})
    assert len(data) < 1_000_000
    with pytest.raises(InputError, match="200 MB once unpacked"):
        read_failures("a.parquet", data)


@pytest.mark.parametrize("cut", [12, 40, 200])
def test_a_damaged_table_is_refused(cut: int) -> None:
    with pytest.raises(InputError, match="not a Parquet table"):
        read_failures("a.parquet", parquet({"output": ["x"]})[:-cut] + b"PAR1")


PROMPTFOO = """
evalId: eval-1
results:
  version: 3
  timestamp: 2026-03-01T12:30:00.000Z
  results:
    - id: r1
      promptIdx: 0
      testIdx: 0
      vars: &ref_0
        question: When do you open?
      testCase:
        vars: *ref_0
        assert:
          - type: equals
            value: At 9
      response:
        output: At 10
      success: false
      gradingResult:
        pass: false
        reason: Expected output to equal At 9
    - id: r2
      promptIdx: 0
      vars: *ref_0
      testCase: {}
      response: {output: At 9}
      success: true
"""


def test_promptfoo_results_as_yaml_with_references() -> None:
    found = read_failures("results.yaml", PROMPTFOO.encode())
    assert found.recognised == 'promptfoo results (YAML with a list under "results")'
    assert found.left_out == 1
    (failure,) = found.failures
    assert (failure.input, failure.output, failure.expected) == (
        "When do you open?",
        "At 10",
        "At 9",
    )


def test_yaml_dates_and_odd_names_are_texts() -> None:
    (failure,) = read_failures("a.yml", b"- {output: 2026-03-01, 7: x, null: y}").failures
    assert failure.output == "2026-03-01"


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join(['*' + old] * 10)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (BOMB, "too large once its references"),
        ("&a [*a]", "not yet complete"),
        ("[" * 5_000, "nested too deep"),
        ("- !!python/object:x {}", "holds tags"),
        ("a: b: c", "is not YAML"),
        ("hello", "holds no list"),
        ("\x07", "is not YAML"),
        ("x" * 4_000_001, "4 million characters"),
    ],
)
def test_yaml_that_is_none_or_hostile_is_refused(text: str, what: str) -> None:
    with pytest.raises(InputError, match=what):
        read_failures("a.yaml", text.encode())
