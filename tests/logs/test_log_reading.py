"""A log read in blocks holds what the importer finds in the whole file."""

import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written_logs import all_rows, read_log, rows, write_cells, write_columns, write_lines

from advisor.errors import InputError
from advisor.importing import read_failures
from advisor.importing.failures import write_csv
from advisor.logs.block_rows import BlockRows
from advisor.logs.recognise import open_log
from advisor.proposal import Failure


def texts(found: BlockRows) -> list[dict[str, Any]]:
    return [case.failure.model_dump(exclude={"id"}) for case in found.cases]


def same_as_importer(path: Path, found: BlockRows) -> None:
    whole = read_failures(path.name, path.read_bytes())
    assert texts(found) == [one.model_dump(exclude={"id"}) for one in whole.failures]
    assert {(one.line, one.reason) for one in found.refused} == {
        (one.line, one.reason) for one in whole.rejected
    }
    assert found.count == whole.rows


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.tsv", "a.ndjson"])
def test_blocks_give_what_the_importer_gives(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    lines = name.endswith(("jsonl", "ndjson"))
    write = write_lines if lines else write_cells
    write(path, rows(20), *([] if lines else ["\t" if name.endswith("tsv") else ","]))
    found = read_log(path)
    same_as_importer(path, found)
    assert [case.row for case in found.cases] == list(range(1, 21))
    assert found.cases[1].at == datetime(2026, 2, 11, 10, tzinfo=UTC)


def test_every_format_gives_the_same_failures(tmp_path: Path) -> None:
    written = [
        write_lines(tmp_path / "a.jsonl", rows(20)),
        write_lines(tmp_path / "b.jsonl.gz", rows(20)),
        write_cells(tmp_path / "a.csv", rows(20), ";"),
        write_columns(tmp_path / "a.parquet", rows(20)),
    ]
    first, *others = [read_log(path).cases for path in written]
    assert others == [first] * 3


CELLS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('",;\n\t'), max_size=12
)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12), st.integers(1, 5))
def test_any_table_is_cut_into_the_same_rows(
    content: list[tuple[str, str, str]], block: int
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        names = ("input", "output", "expected")
        write_cells(path, [dict(zip(names, one, strict=True)) for one in content])
        try:
            whole = read_failures(path.name, path.read_bytes())
        except InputError:
            with pytest.raises(InputError):
                read_log(path, block)
            return
        found = read_log(path, block)
        assert texts(found) == [one.model_dump(exclude={"id"}) for one in whole.failures]
        assert found.count == whole.rows


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
LINES = JSON.map(json.dumps) | st.fixed_dictionaries({"output": JSON, "note": JSON}).map(json.dumps)


@given(
    st.lists(
        LINES
        | st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=9),
        max_size=12,
    ),
    st.integers(1, 5),
)
def test_any_lines_are_read_or_refused(content: list[str], block: int) -> None:
    with TemporaryDirectory() as folder:
        start = [{"output": "a", "note": "b"}, {"output": "c", "note": "d"}]
        path = write_lines(Path(folder) / "a.jsonl", [*start, *content])
        same_as_importer(path, read_log(path, block, output="output", note="note"))


@given(st.binary(max_size=300), st.sampled_from(["jsonl", "csv", "tsv", "parquet", "csv.gz"]))
def test_any_bytes_end_in_rows_or_a_message(content: bytes, ending: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{ending}"
        path.write_bytes(content)
        try:
            found = read_log(path)
        except InputError as error:
            assert str(error)
        else:
            assert found.count >= len(found.cases)


def test_a_quote_that_never_closes_costs_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    start = "output,expected\n1,2\n"
    path.write_text(start + '"broken,3\n' + "4,5\n" * 9, "utf-8")
    same_as_importer(path, read_log(path))
    monkeypatch.setattr(
        "advisor.logs.text_blocks.RECORD_LIMIT", 20
    )  # long before the end of the file
    path.write_text(start + '"broken,3\n' + "4,5\n" * 9 + '"fine ""quote""",6\n', "utf-8")
    found = read_log(path)
    assert [(one.line, one.reason) for one in found.refused] == [
        (3, 'a quote (") opens here and never closes')
    ]
    assert len(found.cases) == 11


def test_a_line_beyond_the_limit_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.core.streams.LINE_LIMIT", 900)
    path = write_lines(tmp_path / "a.jsonl", [{"note": "a"}, {"note": "b" * 5000}, {"note": "c"}])
    found = read_log(path)
    assert [case.failure.note for case in found.cases] == ["a", "c"]
    assert [(one.line, one.reason) for one in found.refused] == [(2, "is longer than 16 MB")]
    assert len(found.refused[0].text) == 200


def test_blocks_end_early_where_rows_are_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor.logs.text_blocks.BLOCK_BYTES", 1000)
    path = write_lines(tmp_path / "a.jsonl", [{"note": "a" * 400}] * 6)
    spans = list(open_log(path, {}).source.spans())
    assert [span.row for span in spans] == [1, 4]
    assert spans[-1].done == 1


def test_other_encodings_and_marks_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("sep=;\nAusgabe;Erwartet\nKöln;Düsseldorf\nnein;übrig\n".encode("cp1252"))
    assert [case.failure.expected for case in read_log(path).cases] == ["Düsseldorf", "übrig"]
    path.write_bytes(b"\xef\xbb\xbfoutput,expected\r\nK\xc3\xb6ln,x\r\ny,z\r\n")
    assert read_log(path).cases[0].failure.output == "Köln"
    path.write_bytes("output,expected\nKöln,x\n".encode("utf-16"))
    assert read_log(path).cases[0].failure.output == "Köln"
    path.write_bytes(b"output,expected\ra,b\rc,d\r")
    assert len(read_log(path).cases) == 2


def test_our_own_table_comes_back_as_it_was(tmp_path: Path) -> None:
    failures = [Failure(id=str(place), output="=1+1", expected="-2") for place in range(5)]
    path = tmp_path / "a.csv"
    path.write_text(write_csv(failures), "utf-8")
    assert [case.failure for case in read_log(path).cases] == failures


def test_a_row_without_an_id_is_named_by_its_number(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "a.jsonl", [{"note": "a"}, "", "{", {"id": "x", "note": "b"}, {"note": "c"}]
    )
    assert [case.failure.id for case in read_log(path).cases] == ["f1", "x", "f4"]


def test_a_person_may_name_columns(tmp_path: Path) -> None:
    content = [{"answer": "a", "spare": "b", "logged": "2026-01-02"}] * 4
    path = write_cells(tmp_path / "a.csv", content)
    opened = open_log(path, {"expected": "answer", "output": "spare", "date": "logged"})
    found = all_rows(opened).cases[0]
    assert (found.failure.output, found.failure.expected) == ("b", "a")
    assert found.at == datetime(2026, 1, 2, tzinfo=UTC)
    assert opened.notes[-1].startswith("the columns are: ")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"output": "anser"}, "Did you mean 'answer'"),
        ({"date": "gone"}, "there is no column 'gone'"),
    ],
)
def test_a_column_that_is_not_there_is_told(
    tmp_path: Path, columns: dict[str, str], words: str
) -> None:
    path = write_cells(tmp_path / "a.csv", [{"answer": "a", "spare": "b"}] * 3)
    with pytest.raises(InputError, match=words):
        open_log(path, columns)


def test_a_file_in_which_nothing_says_what_went_wrong_is_refused(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [{"input": "a"}, {"input": "b"}])
    with pytest.raises(InputError, match="--column output=NAME"):
        open_log(path, {})


RUN = {
    "run_type": "chain",
    "inputs": {"question": "Q"},
    "outputs": {"output": "A"},
    "start_time": "2026-03-01T12:30:00Z",
}


def test_an_export_is_read_whole_and_record_by_record_where_it_is_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = [{**RUN, "id": f"r{place}"} for place in range(8)]
    content.append({**RUN, "id": "step", "parent_run_id": "r0", "run_type": "tool"})
    path = write_lines(tmp_path / "a.jsonl", content)
    small = open_log(path, {}, 3)
    assert small.recipe.kind == "whole"
    monkeypatch.setattr("advisor.logs.recognise.FILE_LIMIT", 100)
    large = open_log(path, {}, 3)
    assert large.recipe.export
    assert any("record by record" in note or "not joined" in note for note in large.notes)
    found = all_rows(large)
    assert texts(found) == texts(all_rows(small))
    assert found.left_out == 1
    assert found.cases[0].at == datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def test_values_of_parquet_become_text(tmp_path: Path) -> None:
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    content = [
        {"output": 3.0, "expected": b"x\xff", "context": [{"a": moment}], "when": moment},
        {"output": None, "expected": None, "context": None, "when": None},
    ]
    found = read_log(write_columns(tmp_path / "a.parquet", content))
    assert found.cases[0].failure.output == "3"
    assert found.cases[0].failure.expected == "x\ufffd"
    assert "2026-05-01T12:00:00" in (found.cases[0].failure.context or "")
    assert found.cases[0].at == moment
    assert [(one.line, one.text) for one in found.refused] == [(2, "None, None, None, None")]


def test_any_block_of_parquet_can_be_read_alone(tmp_path: Path) -> None:
    path = write_columns(tmp_path / "a.parquet", rows(40), group=11)
    spans = list(open_log(path, {}, 6).source.spans())
    source = open_log(path, {}, 6).source
    backwards = [source.read(span).cases for span in reversed(spans)]
    assert sum(reversed(backwards), []) == read_log(path, 6).cases


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jsonl", b"", "is empty"),
        ("a.csv", b"output,expected\n", "only a header row"),
        ("a.csv", b"\n\n", "holds no rows"),
        ("a.exe", b"x", "of a kind that is not read"),
        ("a.xlsx.gz", b"x", "of a kind that is not read"),
        ("a.parquet", b"PAR1 no", "is not Parquet"),
        ("a.csv.gz", b"\x1f\x8bno", "cannot be unpacked"),
        ("a.csv.gz", b"output\n1\n2\n", "cannot be unpacked"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=words):
        open_log(tmp_path / name, {})


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        open_log(tmp_path / "folder.csv", {})
    with pytest.raises(InputError, match="no such file"):
        open_log(tmp_path / "gone.csv", {})
