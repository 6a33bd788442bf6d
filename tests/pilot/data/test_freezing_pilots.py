"""Specification and files put together: copies, documents, outputs, all problems at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from counting import steps
from hypothesis import given
from hypothesis import strategies as st

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_spec import Spec
from advisor.errors import InputError
from advisor.pilot.data import Upload, freeze, load, parse_spec
from advisor.pilot.data.passages import passages

LABELS = ("billing", "bug", "delivery")


def spec(**more: Any) -> Spec:
    return parse_spec({"title": "t", "task": "classification", "instruction": "Label it."} | more)


def rows(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [
        {"input": f"message number {n}", "expected": LABELS[n % 3]}
        for n in range(start, start + count)
    ]


def lines(records: list[dict[str, Any]], name: str = "cases.jsonl") -> Upload:
    return Upload(name, "\n".join(json.dumps(record) for record in records).encode())


def refused(*args: Any, **more: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        freeze(*args, **more)
    return str(caught.value).splitlines()


def said(frozen: Frozen) -> str:
    return "\n".join(finding.what for finding in frozen.findings)


def test_one_file_is_split_and_the_same_again() -> None:
    first, second = (freeze(spec(), cases=lines(rows(90))) for _ in range(2))
    assert (len(first.data.train), len(first.data.test)) == (59, 31)
    assert first.hash == second.hash and first.data == second.data
    assert freeze(spec(seeds=[1]), cases=lines(rows(90))).data.test != first.data.test


@pytest.mark.parametrize("count", [0, 1, 5])
def test_too_little_data_is_refused(count: int) -> None:
    told = refused(spec(), cases=Upload("cases.jsonl", lines(rows(count)).data or b" \n"))
    assert any("cases.jsonl" in line or "least" in line for line in told)


def test_copies_of_test_cases_leave_the_training_side() -> None:
    train, test = rows(30), [*rows(5), *rows(35, start=50)]
    test[0] = test[0] | {"input": "  MESSAGE number 0."}
    frozen = freeze(spec(), train=lines(train), test=lines(test, "test.jsonl"))
    assert len(frozen.data.train) == 25 and len(frozen.data.test) == 40
    (finding,) = frozen.findings
    assert finding.check == "leak" and len(finding.cases) == 5
    assert "5 test cases stood in the training file too; 5 training cases were taken out" in (
        finding.what
    )


def test_a_test_that_is_the_training_file_is_refused() -> None:
    told = refused(spec(), train=lines(rows(40)), test=lines(rows(40), "test.jsonl"))
    assert told == [
        "test.jsonl: 40 of 40 test cases stand in the training file too. Give a test file of "
        "other cases, or one file as cases: it is split for you"
    ]


def test_ids_of_both_sides_differ() -> None:
    named = [row | {"id": str(n)} for n, row in enumerate(rows(20))]
    other = [row | {"id": str(n)} for n, row in enumerate(rows(20, start=30))]
    data = freeze(spec(), train=lines(named), test=lines(other)).data
    assert data.test[3].id == "3" and data.train[3].id == "train-3"


def test_every_problem_of_every_file_is_told_at_once() -> None:
    told = refused(
        spec(task="extraction", scoring={"metric": "exact"}),
        train=Upload("train.xml", b"<x/>"),
        test=Upload("test.csv", b"\x89PNG\r\n"),
        documents=[Upload("a.pdf", b"MZ\0\0"), Upload("b.exe", b"MZ"), Upload("c.txt", b"\0" * 99)],
    )
    assert {line.split(":")[0] for line in told} == {
        "train.xml",
        "test.csv",
        "a.pdf",
        "b.exe",
        "c.txt",
    }


def test_data_is_given_in_one_way_only() -> None:
    assert "gives no cases, or twice" in refused(spec())[0]
    assert (
        "gives no cases, or twice" in refused(spec(), cases=lines(rows(9)), train=lines(rows(9)))[0]
    )


def test_long_documents_become_passages_and_gold_names_the_one_with_the_answer() -> None:
    filler = "Nothing of note happened that day, and nobody wrote about it. "
    text = filler * 20 + "The lighthouse of Skagen was built in 1858. " + filler * 20
    cases = [
        {"input": f"{n} when was it built?", "expected": "1858", "gold": ["tower"]}
        for n in range(20)
    ]
    documents = lines([{"id": "tower", "text": text}, {"id": "b", "text": "Short."}], "d.jsonl")
    frozen = freeze(spec(task="question_answering"), cases=lines(cases), documents=[documents])
    found = {document.id: document.text for document in frozen.data.documents}
    assert len(found) > 3 and max(map(len, found.values())) <= 800 and found["b"] == "Short."
    assert {name for case in frozen.data.test for name in case.gold} == {
        name for name, part in found.items() if "1858" in part
    }
    assert "cut into" in said(frozen) and "at most 800 characters" in said(frozen)


def test_gold_that_is_nowhere_is_told() -> None:
    cases = [row | {"gold": "nowhere"} for row in rows(20)]
    documents = [Upload("a.md", b"# Returns\nWithin 30 days.")]
    frozen = freeze(spec(), cases=lines(cases), documents=documents)
    assert "name a document in gold that is not there" in said(frozen)
    assert frozen.data.documents[0].title == "Returns" and frozen.data.test[0].gold == ()


def test_recorded_outputs_are_matched_by_id_or_by_order() -> None:
    cases = [row | {"id": f"k{n}"} for n, row in enumerate(rows(30))]
    outputs = [{"output": f"said {n}"} for n in range(30)]
    by_order = freeze(spec(), cases=lines(cases), recorded=lines(outputs, "out.jsonl")).recorded
    named = [row | {"id": f"k{n}"} for n, row in enumerate(outputs)]
    by_id = freeze(spec(), cases=lines(cases), recorded=lines(named[::-1], "out.jsonl")).recorded
    assert by_order == by_id
    assert all(text == f"said {name[1:]}" for name, text in by_id)
    some = freeze(spec(), cases=lines(cases), recorded=lines(named[:15], "out.jsonl"))
    assert "test cases have no recorded output" in said(some) and 0 < len(some.recorded) < 11


def test_recorded_outputs_that_fit_no_case_are_refused() -> None:
    told = refused(
        spec(), cases=lines(rows(30)), recorded=lines([{"output": "x"}] * 7, "out.jsonl")
    )
    assert told[0].startswith("out.jsonl: has 7 outputs for 30 cases, and no column id")
    wrong = lines([{"id": "x", "output": "y"}] * 2, "out.jsonl")
    assert (
        "no output belongs to a test case"
        in refused(spec(), cases=lines(rows(30)), recorded=wrong)[0]
    )


def test_groups_that_are_the_labels_are_left_out() -> None:
    sides = [[row | {"group": row["expected"]} for row in rows(30, start)] for start in (0, 40)]
    frozen = freeze(spec(), train=lines(sides[0]), test=lines(sides[1]))
    assert {case.group for case in frozen.data.test} == {None}
    assert "holds nothing but the labels" in said(frozen)


def test_a_few_groups_on_both_sides_are_slices() -> None:
    sides = [[row | {"group": f"g{n % 4}"} for n, row in enumerate(rows(40, s))] for s in (0, 50)]
    frozen = freeze(spec(task="generation"), train=lines(sides[0]), test=lines(sides[1]))
    assert {(case.group, case.slice) for case in frozen.data.test} == {
        (None, f"g{n}") for n in range(4)
    }
    assert "taken as kinds of cases" in said(frozen)
    other = [row | {"group": f"h{n % 4}"} for n, row in enumerate(rows(40, 50))]
    apart = freeze(spec(task="generation"), train=lines(sides[0]), test=lines(other))
    assert {case.group for case in apart.data.test} == {f"h{n}" for n in range(4)}


PROSE = st.text(alphabet="abc .\n!é中", max_size=4_000)


@given(PROSE)
def test_passages_hold_the_whole_text_in_bounds(text: str) -> None:
    parts = list(passages(text))
    assert all(len(part) <= 800 for part in parts) or (parts == [text] and len(text) <= 1_000)
    place = 0
    for part in parts:
        found = text.find(part, max(0, place - 800))
        assert found >= 0 and not text[place:found].strip()
        place = max(place, found + len(part))
    assert not text[place:].strip()


def folder(tmp_path: Path) -> Path:
    home = tmp_path / "pilot"
    (home / "docs" / "deep").mkdir(parents=True)
    (home / "cases.jsonl").write_bytes(lines(rows(30)).data)
    (home / "docs" / "a.md").write_text("Alpha", encoding="utf-8")
    (home / "docs" / "deep" / "b.txt").write_text("Beta", encoding="utf-8")
    (home / "docs" / ".hidden").write_bytes(b"\0\1\2")
    (tmp_path / "secret.jsonl").write_bytes(lines(rows(30)).data)
    return home


def test_files_lie_beside_the_specification(tmp_path: Path) -> None:
    home = folder(tmp_path)
    frozen = load(spec(data={"cases": "cases.jsonl", "documents": "docs"}), home)
    assert [document.id for document in frozen.data.documents] == ["a.md", "deep/b.txt"]


@pytest.mark.parametrize(
    "name",
    [
        "../secret.jsonl",
        "docs/../../secret.jsonl",
        "/etc/passwd",
        "C:\\secret.jsonl",
        "..\\secret.jsonl",
        "link.jsonl",
        "links/secret.jsonl",
        "a\x01b.jsonl",
        "missing.jsonl",
        "docs",
        "pipe.jsonl",
    ],
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    import os

    home = folder(tmp_path)
    (home / "link.jsonl").symlink_to(tmp_path / "secret.jsonl")
    (home / "links").symlink_to(tmp_path)
    os.mkfifo(home / "pipe.jsonl")
    with pytest.raises(InputError) as caught:
        load(spec(data={"cases": name}), home)
    assert all(problem.mend for problem in caught.value.problems)


def test_a_folder_with_a_binary_file_names_it(tmp_path: Path) -> None:
    home = folder(tmp_path)
    (home / "docs" / "photo.jpg").write_bytes(b"\xff\xd8\xff\0\0\0")
    (home / "docs" / "table.txt").write_bytes(bytes(range(256)) * 9)
    with pytest.raises(InputError) as caught:
        load(spec(data={"cases": "cases.jsonl", "documents": "docs"}), home)
    assert [problem.where for problem in caught.value.problems] == ["photo.jpg", "table.txt"]


@pytest.mark.slow
def test_a_large_pilot_is_frozen_at_the_same_cost_a_case() -> None:
    few, many = lines(rows(1_000)), lines(rows(4_000))
    once = steps(lambda: freeze(spec(), cases=few))
    assert steps(lambda: freeze(spec(), cases=many)) < 5 * once
    assert len(freeze(spec(), cases=lines(rows(20_000))).hash) == 64
    assert "the limit is 20,000" in refused(spec(), cases=lines(rows(20_001)))[0]
