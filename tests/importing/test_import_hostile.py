"""Nothing a file holds can raise anything but InputError, fill the memory or be run."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from packing import with_entry

from advisor.core.files import read_path
from advisor.errors import InputError
from advisor.importing import (
    ENDINGS,
    Import,
    read_document,
    read_failures,
    read_pasted,
    read_pasted_document,
)

TEXT_ENDINGS = [ending for ending in ENDINGS if ending not in {"xlsx", "xls", "ods", "parquet"}]
SNIPPETS = st.sampled_from(
    [b'"', b",", b"\t", b";", b"\n", b"\r", b"input", b"output", b"{", b"}", b"[", b"]", b":"]
    + [b"\x00", b"\xff", b"\xef\xbb\xbf", b'"messages"', b'"role"', b"1e999", b"NaN", b"=1+1"]
    + [b'{"inputs":{"a":1},"outputs":[]}', b'{"success":false,"vars":[]}', b"Q: a\nA: b\n"]
)
BYTES = st.one_of(st.binary(max_size=300), st.lists(SNIPPETS, max_size=30).map(b"".join))


def tried(name: str, data: bytes) -> Import | None:
    try:
        found = read_failures(name, data)
    except InputError as error:
        assert error.problems
        assert "\n" not in str(error.problems[0])
        return None
    json.dumps(found.model_dump(mode="json")).encode()
    return found


@given(BYTES, st.sampled_from(TEXT_ENDINGS))
@settings(deadline=None, max_examples=300)
def test_any_bytes_in_a_text_file_give_failures_or_an_input_error(data: bytes, kind: str) -> None:
    found = tried(f"a.{kind}", data)
    if found and not found.needs_mapping:
        counted = len(found.failures) + len(found.rejected) + found.left_out
        assert counted <= found.rows


@given(st.binary(max_size=100), st.sampled_from(["xlsx", "xls", "ods"]))
@settings(deadline=None, max_examples=8)
def test_any_bytes_in_a_sheet_give_an_input_error(data: bytes, kind: str) -> None:
    assert tried(f"a.{kind}", data) is None
    assert tried(f"a.{kind}", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data) is None


@given(st.binary(max_size=100), st.sampled_from(["md", "txt", "docx", "pdf"]))
@settings(deadline=None, max_examples=20)
def test_any_bytes_in_a_document_give_text_or_an_input_error(data: bytes, kind: str) -> None:
    for content in (data, b"%PDF-1.7\n" + data):
        try:
            assert read_document(f"a.{kind}", content).text
        except InputError as error:
            assert error.problems


@given(
    st.text(max_size=300)
    | st.lists(SNIPPETS, max_size=30).map(lambda x: b"".join(x).decode("latin-1"))
)
@settings(deadline=None, max_examples=200)
def test_any_pasted_text_gives_failures_or_an_input_error(text: str) -> None:
    for read in (read_pasted, read_pasted_document):
        try:
            read(text)
        except InputError as error:
            assert error.problems


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "input output inputs outputs messages role content vars response success testCase "
                "assert type value gradingResult componentResults scores observations runs results "
                "expectedOutput traceId sessionId sample_id data sample datasource_item ideal "
                "feedback parent_run_id trace_id name key score prompt raw tool_calls text "
                "failures resourceSpans spans traceId spanId parentSpanId attributes "
                "stringValue events gen_ai.prompt gen_ai.output.messages gen_ai.choice parts "
                "context.span_id span_kind attributes.output.value retrieval.documents "
                "annotations result label data choices fields responses suggestions q.responses "
                "q-suggestion prediction annotation status annotation_id annotator kwargs "
                "generations example_id reference_output ".split()
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@pytest.mark.slow
@given(st.lists(JSON, max_size=4), st.booleans())
@settings(deadline=None, max_examples=500)
def test_exports_of_any_shape_never_break_the_reader(records: list[Any], as_lines: bool) -> None:
    if as_lines:
        tried("a.jsonl", "\n".join(json.dumps(record) for record in records).encode())
    else:
        tried("a.json", json.dumps(records).encode())


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=4))
@settings(deadline=None)
def test_any_mapping_is_used_or_refused(mapping: dict[str, str]) -> None:
    try:
        read_failures("a.csv", b"input,output\na,b\n", mapping)
    except InputError as error:
        assert error.problems


def sheet() -> bytes:
    book = Workbook()
    book.active.append(["input", "output"])
    book.active.append(["a", "b"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["a.xlsx", "a.ods", "a.docx"])
def test_a_file_that_grows_when_unpacked_is_refused(name: str) -> None:
    bomb = with_entry(sheet(), "xl/media/x.bin", b"\0" * 201_000_000)
    assert len(bomb) < 1_000_000
    read = read_document if name.endswith("docx") else read_failures
    with pytest.raises(InputError, match="200 MB once unpacked"):
        read(name, bomb)


def test_a_file_that_lies_about_its_size_is_refused() -> None:
    size = 201_000_000
    bomb = with_entry(sheet(), "xl/media/x.bin", b"\0" * size)
    lying = bomb.replace(struct.pack("<L", size), struct.pack("<L", 10))
    assert lying != bomb
    with pytest.raises(InputError, match="200 MB once unpacked"):
        read_failures("a.xlsx", lying)


def test_a_sheet_with_a_cell_at_the_far_corner_cannot_fill_the_memory() -> None:
    book = Workbook()
    book.active["A1"] = "input"
    book.active["XFD1048576"] = "x"
    buffer = io.BytesIO()
    book.save(buffer)
    with pytest.raises(InputError, match="too complex"):
        read_failures("a.xlsx", buffer.getvalue())


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    with pytest.raises(InputError, match="2,000.0 MB; the limit is 20 MB"):
        read_path(path)


def test_paths_that_are_no_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        read_path(tmp_path)
    with pytest.raises(InputError, match="no such file") as raised:
        read_path(tmp_path / "missing.csv")
    assert str(tmp_path) not in str(raised.value)
    (tmp_path / "a.csv").write_bytes(b"output\nx\n")
    assert read_path(tmp_path / "a.csv") == b"output\nx\n"


def test_many_columns_and_repeated_names_are_read_quickly() -> None:
    wide = b",".join([b"a"] * 1_000_000)
    found = tried("a.csv", b"output," + wide + b"\n" + wide + b",x\n")
    assert found is not None
    assert len(found.columns) == 200
