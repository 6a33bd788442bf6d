"""CSV and its relatives, JSON, JSON lines and sheets become failures."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
from counting import steps
from openpyxl import Workbook

from advisor.errors import InputError
from advisor.importing import FIELDS, distinct, read_failures
from advisor.proposal import FAILURE_LIMIT, FAILURE_TEXT_LIMIT, Failure


def xlsx(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def ods(rows: list[list[str]]) -> bytes:
    """The least that is an OpenDocument sheet."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = "".join(
        f"<table:table-row>{''.join(cell.format(text) for text in row)}</table:table-row>"
        for row in rows
    )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        f'xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0" '
        f'xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="S">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{names}:manifest:1.0"/>')
        packed.writestr("content.xml", content)
    return buffer.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_of_a_csv_file_is_found(separator: str) -> None:
    rows = [["question", "model output", "expected"], ["Where, then?", "there", "here"]]
    quoted = [[f'"{cell}"' if separator in cell else cell for cell in row] for row in rows]
    data = "\n".join(separator.join(row) for row in quoted).encode()
    found = read_failures("cases.csv", data)
    assert found.failures == (Failure(input="Where, then?", output="there", expected="here"),)
    assert not found.needs_mapping


def test_a_quoted_newline_stays_in_its_cell_and_lines_count_from_the_file() -> None:
    data = b'input,output\n"two\nlines",bad\nx,\ny,wrong,more\n'
    found = read_failures("cases.csv", data)
    assert [failure.input for failure in found.failures] == ["two\nlines"]
    assert [one.line for one in found.rejected] == [4, 5]
    assert "output, expected, note" in found.rejected[0].reason
    assert "3 cells where the header has 2" in found.rejected[1].reason


def test_a_quote_that_never_closes_costs_one_line() -> None:
    data = b'input,output\na,b\nc,"d\ne,f\ng,h\n'
    found = read_failures("cases.csv", data)
    assert [failure.input for failure in found.failures] == ["a", "e", "g"]
    assert [(one.line, "never closes" in one.reason) for one in found.rejected] == [(3, True)]


def test_the_hint_line_of_excel_names_the_separator() -> None:
    found = read_failures("cases.csv", b"sep=;\r\ninput;output\r\na,b;c\r\n")
    assert found.failures == (Failure(input="a,b", output="c"),)


@pytest.mark.parametrize(
    "header",
    [
        "Frage;Modellantwort;Erwartet;Kommentar",
        "question;sortie;réponse attendue;commentaire",
        "pregunta;salida;respuesta esperada;comentario",
        "问题;输出;正确答案;备注",
        "Question;Model Output;ground_truth;Reviewer comment",
        "Question;Answer;Expected Answer;Notes",
    ],
)
def test_headers_are_known_in_several_languages(header: str) -> None:
    found = read_failures("a.csv", f"{header}\nq;o;e;n\n".encode())
    assert found.failures == (Failure(input="q", output="o", expected="e", note="n"),)
    assert not found.needs_mapping


def test_a_header_that_may_mean_two_things_asks_for_the_mapping() -> None:
    found = read_failures("a.csv", b"question,answer\nWhy?,Because\n")
    assert found.needs_mapping
    assert found.mapping == {"input": "question", "output": "answer"}
    again = read_failures(
        "a.csv", b"question,answer\nWhy?,Because\n", {"input": "question", "expected": "answer"}
    )
    assert again.failures == (Failure(input="Why?", expected="Because"),)
    assert not again.needs_mapping


def test_columns_of_unknown_names_are_proposed_by_content_with_samples_and_preview() -> None:
    long = "A rather long sentence that somebody wrote down."
    data = f"zeta,alpha,beta\n7,{long},{long} Twice.\n8,{long},{long} Thrice.\n".encode()
    found = read_failures("a.csv", data)
    assert found.needs_mapping
    assert found.mapping == {"input": "alpha", "output": "beta"}
    assert found.columns[0].samples == ("7", "8")
    assert found.preview[0]["alpha"] == long
    assert found.rows == 2


def test_a_table_without_a_header_keeps_its_first_row() -> None:
    data = b"Where is my parcel?,It is on the moon.\nWhat now?,Nothing at all.\n"
    found = read_failures("a.csv", data)
    assert found.needs_mapping
    assert [column.name for column in found.columns] == ["Column 1", "Column 2"]
    assert found.rows == 2


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"output": "reply"}, "Did you mean 'replies'"),
        ({"outputs": "replies"}, "Did you mean 'output'"),
        ({"input": "replies"}, "what went wrong"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(mapping: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_failures("a.csv", b"replies,when\nno,now\n", mapping)


def test_cells_that_look_like_formulas_and_paths_are_kept_as_text() -> None:
    data = b'id,output\n../../etc/passwd,"=HYPERLINK(""x"")"\n'
    (failure,) = read_failures("a.csv", data).failures
    assert (failure.id, failure.output) == ("../../etc/passwd", '=HYPERLINK("x")')


def test_an_id_that_comes_twice_is_changed_and_told() -> None:
    found = read_failures("a.csv", b"id,output\na,1\na,2\na-2,3\na,4\n")
    assert [failure.id for failure in found.failures] == ["a", "a-2", "a-2-2", "a-3"]
    assert any("a → a-2" in note for note in found.notes)


def test_ids_that_a_proposal_already_has_are_changed() -> None:
    kept, renamed = distinct([Failure(id="f1", note="x"), Failure(note="y")], taken={"f1"})
    assert [failure.id for failure in kept] == ["f1-2", None]
    assert renamed == ("f1 → f1-2",)


def test_a_field_over_the_limit_costs_its_row_only() -> None:
    long = "x" * (FAILURE_TEXT_LIMIT + 1)
    found = read_failures("a.csv", f"input,output\na,{long}\nb,c\n".encode())
    assert [failure.input for failure in found.failures] == ["b"]
    assert found.rejected[0].line == 2
    assert "limit is 1,000,000" in found.rejected[0].reason


def test_a_field_of_ten_million_characters_costs_its_row_only() -> None:
    data = b"input,output\na," + b"x" * 10_000_000 + b"\nb,c\n"
    found = read_failures("a.csv", data)
    assert [failure.input for failure in found.failures] == ["b"]


def test_more_rows_than_the_limit_are_refused() -> None:
    with pytest.raises(InputError, match="50,000 rows"):
        read_failures("a.csv", b"output\n" + b"x\n" * (FAILURE_LIMIT + 1))
    with pytest.raises(InputError, match="50,000 rows"):
        read_failures("a.json", b"[" + b"1," * FAILURE_LIMIT + b"1]")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b" \n \n", "holds no rows"),
        ("a.csv", b"input,output\n", "only a header row"),
        ("a.csv", b"x" * 20_000_001, "limit is 20 MB"),
        ("a.doc", b"x", "ends in csv"),
        ("csv", b"x", "ends in csv"),
        ("a.csv", b"PK\x03\x04rest", "packed file"),
        ("a.csv", bytes(range(256)) * 20, "not hold text"),
        ("a.json", b'{"title": "x"}', "no list of records"),
        ("a.json", b"[]", "empty list"),
        ("a.jsonl", b"\n \n", "holds only blank lines"),
        ("a.json", b'[{"output": "x"},\n {"output" "y"}]', "line 2, character 12"),
        ("a.json", b"[" * 100_000, "nested too deep"),
        ("a.xlsx", b"PK\x03\x04rest", "cannot be unpacked"),
        ("a.xls", b"\xd0\xcf\x11\xe0rest", "damaged"),
        ("../../a.csv", b"", "a.csv: is empty"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_in_one_line(
    name: str, data: bytes, message: str
) -> None:
    with pytest.raises(InputError, match=message) as raised:
        read_failures(name, data)
    assert "\n" not in str(raised.value)
    assert ".." not in str(raised.value)


def test_a_cell_with_a_zero_byte_costs_its_row() -> None:
    found = read_failures("a.csv", b"input,output\na\x00b,c\nd,e\n")
    assert [failure.input for failure in found.failures] == ["d"]
    assert "NUL" in found.rejected[0].reason


@pytest.mark.parametrize("key", ["failures", "data", "results", "rows", "examples"])
def test_the_list_inside_a_json_object_is_found(key: str) -> None:
    data = json.dumps({"title": "t", key: [{"input": "a", "output": "b"}]}).encode()
    assert read_failures("a.json", data).failures == (Failure(input="a", output="b"),)


def test_json_lines_keep_what_can_be_read() -> None:
    lines = [
        '{"question": "a", "response": "b"}',
        "{broken",
        "",
        "[1, 2]",
        '{"question": "c", "response": "\\ud800"}',
        "{}",
        '{"question": "d", "response": {"x": [1, "ü"]}}',
    ]
    found = read_failures("a.jsonl", "\n".join(lines).encode())
    assert [failure.output for failure in found.failures] == ["b", '{"x":[1,"ü"]}']
    assert [one.line for one in found.rejected] == [2, 4, 5, 6]
    assert "surrogate" in found.rejected[2].reason


def test_json_named_as_json_lines_and_the_other_way_round_are_read() -> None:
    lines = b'{"input": "a", "output": "b"}\n{"input": "c", "output": "d"}\n'
    assert len(read_failures("a.json", lines).failures) == 2
    assert len(read_failures("a.jsonl", b'[\n{"output": "b"}\n]').failures) == 1


def test_missing_numbers_and_endless_ones_do_not_cost_the_file() -> None:
    data = b'[{"output": NaN, "note": "n"}, {"output": ' + b"9" * 5_000 + b'}, {"output": 1.50}]'
    found = read_failures("a.json", data)
    assert [failure.output for failure in found.failures] == [None, "9" * 5_000, "1.5"]


def test_values_nested_too_deep_cost_their_row() -> None:
    deep = b'{"output": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    found = read_failures("a.jsonl", b'{"output": "x"}\n' + deep + b"\n")
    assert len(found.failures) == 1
    assert "nested too deep" in found.rejected[0].reason


def test_the_first_sheet_with_rows_is_read_and_named() -> None:
    when = dt.date(2024, 5, 1)
    rows = [
        ["Question", "Model output", "Expected", "Date"],
        ["How many?", 12, 13.5, when],
        [None, None, None, None],
        ["Which?", "=A1", True, when],
        ["alone", None, None, None],
    ]
    found = read_failures("a.xlsx", xlsx(("Empty", []), ("Cases", rows), ("More", rows)))
    assert found.sheet == "Cases"
    assert found.failures[0] == Failure(input="How many?", output="12", expected="13.5")
    assert found.failures[1].expected == "true"
    assert [one.line for one in found.rejected] == [5]
    assert any("More" in note for note in found.notes)


def test_a_sheet_with_only_a_header_or_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="only a header"):
        read_failures("a.xlsx", xlsx(("One", [["input", "output"]])))
    with pytest.raises(InputError, match="no sheet with rows"):
        read_failures("a.xlsx", xlsx(("One", [])))


def test_our_own_proposal_file_gives_its_failures() -> None:
    proposal = {
        "title": "t",
        "description": "d",
        "answers": {"regulated": True},
        "failures": [{"id": "f1", "output": "a", "context": "c"}],
    }
    found = read_failures("p.json", json.dumps(proposal).encode())
    assert found.failures == (Failure(id="f1", output="a", context="c"),)
    assert set(found.mapping) <= set(FIELDS)


@pytest.mark.slow
def test_fifty_thousand_rows_are_read_at_the_same_cost_a_row() -> None:
    def read(rows: int) -> None:
        row = ",".join(["some words that a person wrote down about this case"] * 4)
        data = ("question,output,expected,comment\n" + f"{row}\n" * rows).encode()
        assert len(read_failures("a.csv", data).failures) == rows

    assert steps(lambda: read(4_000)) < 5 * steps(lambda: read(1_000))
    read(FAILURE_LIMIT)


def test_a_title_above_the_header_is_passed_over() -> None:
    rows = [["Failures in May"], [], ["Question", "Model output", "Expected"], ["a", "b", "c"]]
    found = read_failures("a.xlsx", xlsx(("S", rows)))
    assert found.failures == (Failure(input="a", output="b", expected="c"),)
    assert found.notes == ("1 row above the header was left out.",)
    found = read_failures(
        "a.csv", b"Failures in May,,\n,,\nQuestion,Model output,Expected\na,b,c\n"
    )
    assert found.failures == (Failure(input="a", output="b", expected="c"),)


def test_names_that_hold_a_known_name_are_proposed_but_not_taken_for_certain() -> None:
    header = b"Customer question (email),GPT output v2,Expected answer (human)"
    found = read_failures("a.csv", header + b"\na,b,c\n")
    assert found.needs_mapping
    assert found.failures == (Failure(input="a", output="b", expected="c"),)


def test_a_column_that_may_be_a_label_does_not_matter_where_both_answers_are_named() -> None:
    found = read_failures("a.csv", b"input,output,expected,answer\na,b,c,d\n")
    assert not found.needs_mapping


def test_nothing_is_rejected_while_no_column_says_what_went_wrong() -> None:
    found = read_failures("a.csv", b"input\nmonday\n")
    assert found.needs_mapping
    assert (found.failures, found.rejected) == ((), ())


def test_a_text_file_with_one_complaint_a_line() -> None:
    found = read_failures("a.txt", "Zu unhöflich\nErfindet Preise\n".encode("cp1252"))
    assert [failure.note for failure in found.failures] == ["Zu unhöflich", "Erfindet Preise"]
    assert found.encoding == "Windows-1252"


def test_an_open_document_sheet_is_read() -> None:
    found = read_failures("a.ods", ods([["input", "output"], ["a", "b"]]))
    assert found.failures == (Failure(input="a", output="b"),)


def test_an_excel_file_with_a_password_says_so() -> None:
    locked = b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(InputError, match="locked with a password"):
        read_failures("a.xlsx", locked)
