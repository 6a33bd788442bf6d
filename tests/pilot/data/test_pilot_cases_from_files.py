"""Cases from the files people have: every format, conversations, rows that are none."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.domain.pilot_spec import Task
from advisor.errors import InputError
from advisor.pilot.data.case_files import CaseRows
from advisor.pilot.data.case_rows import read_cases
from advisor.pilot.data.spec_paths import Upload

RECORDS: list[dict[str, Any]] = [
    {"id": f"c{n}", "input": f"Where is parcel {n}?", "expected": label, "group": f"g{n % 3}"}
    for n, label in enumerate(["delivery", "billing", "delivery", "bug"])
]


def lines(*records: Any) -> bytes:
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()


def table(separator: str) -> bytes:
    rows = [RECORDS[0].keys(), *(record.values() for record in RECORDS)]
    return "\n".join(separator.join(row) for row in rows).encode()


def sheet() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(list(RECORDS[0]))
    for record in RECORDS:
        book.active.append(list(record.values()))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parquet() -> bytes:
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(RECORDS), file)
    return file.getvalue()


def cases(*records: Any, task: Task = Task.CLASSIFICATION) -> CaseRows:
    return read_cases(Upload("cases.jsonl", lines(*records)), task)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("c.jsonl", lambda: lines(*RECORDS)),
        ("c.json", lambda: json.dumps(RECORDS).encode()),
        ("c.json", lambda: json.dumps({"data": RECORDS}).encode()),
        ("c.csv", lambda: table(",")),
        ("c.csv", lambda: table(";").decode().encode("utf-16")),
        ("c.tsv", lambda: table("\t")),
        ("c.xlsx", sheet),
        ("c.parquet", parquet),
    ],
)
def test_every_format_gives_the_same_cases(name: str, make: Callable[[], bytes]) -> None:
    found = read_cases(Upload(name, make()), Task.CLASSIFICATION)
    assert [case.model_dump(exclude={"gold", "slice"}) for case in found.cases] == RECORDS


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("question", "answer"),
        ("prompt", "completion"),
        ("text", "label"),
        ("text", "intent"),
        ("input", "output"),
        ("Customer message", "Expected label"),
        ("Frage", "Antwort"),
        ("query", "response"),
        ("instruction", "output"),
        ("document", "summary"),
    ],
)
def test_the_usual_names_of_columns_are_known(asked: str, wanted: str) -> None:
    found = cases({asked: "What now?", wanted: "this"}, {asked: "And then?", wanted: "that"})
    assert [(case.input, case.expected) for case in found.cases] == [
        ("What now?", "this"),
        ("And then?", "that"),
    ]
    assert not found.notes


def test_the_only_two_columns_are_taken_and_said() -> None:
    found = cases({"utter": "hello", "zzz": "greeting"}, {"utter": "bye", "zzz": "farewell"})
    assert found.cases[1].expected == "farewell"
    assert "'utter' for what is asked and 'zzz' for the wanted answer" in found.notes[0]


def test_columns_that_say_nothing_are_refused_with_their_names() -> None:
    with pytest.raises(InputError) as caught:
        cases(*[{"a": "x", "b": "y", "c": "z"}] * 2)
    assert "no column holds the input; found 'a', 'b', 'c'. Name one column 'input'" in str(
        caught.value
    )


def test_text_and_name_of_a_label_win_over_its_number() -> None:
    assert cases({"text": "hi", "label": 3, "label_text": "greeting"}).cases[0].expected == (
        "greeting"
    )


def test_what_a_column_holds_that_is_not_used_is_said() -> None:
    found = cases({"question": "Who?", "context": "Ada wrote it.", "answer": "Ada"})
    assert found.notes == ["Columns that are not used: context."]


def talk(*turns: tuple[str, str]) -> dict[str, Any]:
    return {"messages": [{"role": role, "content": words} for role, words in turns]}


def test_the_last_turn_of_a_conversation_is_the_wanted_answer() -> None:
    found = cases(
        talk(("system", "Be kind."), ("user", "Hi"), ("assistant", "Hello!")),
        talk(
            ("system", "Be kind."),
            ("user", "Hi"),
            ("assistant", "Hello!"),
            ("user", "Bye"),
            ("assistant", "See you."),
        ),
    )
    assert [(case.input, case.expected) for case in found.cases] == [
        ("Hi", "Hello!"),
        ("user: Hi\nassistant: Hello!\nuser: Bye", "See you."),
    ]
    assert "The same system message" in found.notes[0]


def test_system_messages_that_differ_stay_in_the_input() -> None:
    found = cases(
        talk(("system", "Customer: Ann"), ("user", "Hi"), ("assistant", "Hello Ann!")),
        talk(("system", "Customer: Bob"), ("user", "Hi"), ("assistant", "Hello Bob!")),
    )
    assert [case.input for case in found.cases] == ["Customer: Ann\n\nHi", "Customer: Bob\n\nHi"]


def test_an_instruction_in_each_row_is_treated_like_a_system_message() -> None:
    same = {"instruction": "Translate.", "input": "Haus", "output": "house"}
    other = {"instruction": "Shorten.", "input": "A long text", "output": "text"}
    assert cases(same, same | {"input": "Hund"}).cases[0].input == "Haus"
    assert cases(same, other).cases[1].input == "Shorten.\n\nA long text"


@pytest.mark.parametrize(
    "row",
    [
        {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello!"}]},
        {"prompt": [{"role": "user", "content": "Hi"}], "completion": "Hello!"},
        {
            "prompt": [{"role": "user", "content": "Hi"}],
            "completion": [{"role": "assistant", "content": "Hello!"}],
        },
        {
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
                {"role": "assistant", "content": "Hello!"},
            ]
        },
        {"messages": [{"role": "user", "content": "Hi"}], "ideal": "Hello!"},
        {
            "messages": [
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "content": "Hello!"},
            ],
            "category": "Chat",
        },
    ],
)
def test_conversations_are_read_in_the_forms_that_trainers_know(row: dict[str, Any]) -> None:
    found = cases(row, row)
    assert [(case.input, case.expected) for case in found.cases] == [("Hi", "Hello!")] * 2


def test_conversations_and_plain_rows_may_be_mixed() -> None:
    found = cases(
        talk(("user", "Hi"), ("assistant", "greeting")),
        {"prompt": "Bye", "completion": "farewell"},
        {"prompt": "Later", "completion": "farewell"},
    )
    assert [(case.input, case.expected) for case in found.cases] == [
        ("Hi", "greeting"),
        ("Bye", "farewell"),
        ("Later", "farewell"),
    ]
    assert any("1 rows are conversations and 2 are plain" in note for note in found.notes)


def test_a_few_bad_rows_are_left_out_and_named() -> None:
    rows: list[Any] = [{"input": f"q{n}", "expected": "yes"} for n in range(40)]
    rows[6] = talk(("user", "Hi"))
    rows[20] = {"input": "x" * 300_000, "expected": "yes"}
    rows[30] = {"input": "q", "expected": None}
    found = cases(*rows)
    assert len(found.cases) == 37
    (finding,) = (one for one in found.findings() if one.severity == "warning")
    assert "row 7 ends without an answer of the assistant" in finding.what
    assert "row 21 has 300,000 characters in input; the limit is 200,000" in finding.what
    assert "row 31 has no wanted answer" in finding.what


def test_many_bad_rows_are_refused_with_their_numbers() -> None:
    with pytest.raises(InputError) as caught:
        cases(*[{"input": f"q{n}", "expected": ""} for n in range(30)])
    told = str(caught.value).splitlines()
    assert "cases.jsonl, row 1: has no wanted answer. Mend the row or take it out" in told
    assert "cases.jsonl: 30 of 30 rows are no cases" in told[0]
    assert len(told) == 11


def test_ids_that_come_twice_or_not_at_all_are_given() -> None:
    rows = [{"id": "a", "input": f"q{n}", "expected": "y"} for n in (1, 2)]
    found = cases(*rows, {"input": "q3", "expected": "y"})
    assert [case.id for case in found.cases] == ["a", "a-row-2", "row-3"]


def test_the_first_of_several_right_answers_counts_unless_a_list_is_wanted() -> None:
    row = {"question": "Who?", "answers": ["Ada", "Ada Lovelace"]}
    found = cases(row, task=Task.QUESTION_ANSWERING)
    assert found.cases[0].expected == "Ada"
    assert "1 rows give several right answers" in found.notes[0]
    assert cases(row, task=Task.EXTRACTION).cases[0].expected == '["Ada","Ada Lovelace"]'


def test_gold_is_a_list_of_documents_beside_an_answer_and_the_answer_alone() -> None:
    (with_both,) = cases({"input": "q", "expected": "a", "gold": ["d1", "d2"]}).cases
    assert (with_both.expected, with_both.gold) == ("a", ("d1", "d2"))
    (alone,) = cases({"input": "q", "gold": "a"}).cases
    assert (alone.expected, alone.gold) == ("a", ())


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(["input", "expected", "messages", "id", "gold", "group", "text", "label"])


@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=5), max_size=8))
def test_no_record_brings_reading_down(records: list[dict[str, Any]]) -> None:
    data = "\n".join(json.dumps(record) for record in records).encode()
    try:
        found = read_cases(Upload("c.jsonl", data), Task.GENERATION)
    except InputError as error:
        assert all(problem.where and problem.what for problem in error.problems)
    else:
        assert len({case.id for case in found.cases}) == len(found.cases)
